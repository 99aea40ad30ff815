package org.basinsim.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jhdf.HdfFile;
import io.jhdf.WritableHdfFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A file of inputs that cannot be used says so in one line. */
class InputFileTest {
  @TempDir Path folder;

  private void assertRefused(Path path, String dataset, String message) {
    BrokenInputs e = assertThrows(BrokenInputs.class, () -> InputFile.read(path, dataset));
    assertEquals(path + ": " + message, e.getMessage());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          1,2;3             | row 2 has 1 numbers, the first has 2
          1,2;3,4,5         | row 2 has 3 numbers, the first has 2
          1,2;3,x           | row 2, column 2: "x" is not a number
          1,x;3,4           | row 1, column 2: "x" is not a number
          1,;3,4            | row 1, column 2: "" is not a number
          a,b;1,NaN         | row 1, column 2: NaN is not finite
          1,2;Infinity,3    | row 2, column 1: Infinity is not finite
          1,2;1e400,3       | row 2, column 1: Infinity is not finite
          a,b               | holds no inputs
          ''                | holds no inputs
          """)
  void brokenCsvNamesRowAndColumn(String text, String message) throws IOException {
    Path path = Files.writeString(folder.resolve("x.csv"), text.replace(';', '\n'));
    assertRefused(path, "", message);
  }

  @Test
  void csvQuotesMustEnd() throws IOException {
    Path path = Files.writeString(folder.resolve("x.csv"), "1,2\n\"3,4\n");
    String message = assertThrows(BrokenInputs.class, () -> InputFile.read(path, "")).getMessage();
    assertTrue(message.startsWith(path + ": not readable CSV ("), message);
  }

  @Test
  void aSpreadsheetsByteOrderMarkIsNoPartOfANumber() throws IOException {
    Path path = Files.writeString(folder.resolve("x.csv"), "\ufeff1,2\n3,4\n");
    assertArrayEquals(new double[] {1, 2, 3, 4}, InputFile.read(path, "").numbers(0, 4));
  }

  @Test
  void missingFilesAndFoldersAreNamed() {
    assertRefused(folder.resolve("none.h5"), "/inputs", "no such file");
    assertRefused(folder.resolve("none.csv"), "", "no such file");
    assertRefused(folder, "/inputs", "a folder");
  }

  @Test
  void brokenHdf5DataSetsAreNamed() {
    Path path = folder.resolve("x.h5");
    try (WritableHdfFile file = HdfFile.write(path)) {
      file.putDataset("line", new double[] {1, 2});
      file.putDataset("whole", new int[][] {{1, 2}});
      file.putDataset("infinite", new double[][] {{1, 2}, {3, Double.NEGATIVE_INFINITY}});
      file.putGroup("group").putDataset("x", new double[][] {{1}});
    }
    assertRefused(path, "/inputs", "no data set /inputs");
    assertRefused(path, "/group", "/group is not a data set");
    assertRefused(path, "/line", "/line has shape [2], not two to four dimensions");
    assertRefused(path, "/whole", "/whole holds int, not floating-point numbers");
    assertRefused(path, "/infinite", "row 2, column 2: -Infinity is not finite");
  }

  @Test
  void damagedHdf5IsOneLine() throws IOException {
    Path whole = folder.resolve("whole.h5");
    try (WritableHdfFile file = HdfFile.write(whole)) {
      file.putDataset("inputs", new double[64][15]);
    }
    byte[] bytes = Files.readAllBytes(whole);
    SplittableRandom random = new SplittableRandom(5);
    int refused = 0;
    for (int i = 0; i < 60; i++) {
      byte[] damaged = i < 20 ? Arrays.copyOf(bytes, bytes.length * i / 20) : bytes.clone();
      for (int flips = 0; i >= 20 && flips < 5; flips++) {
        damaged[random.nextInt(600)] ^= (byte) (1 << random.nextInt(8));
      }
      Path path = Files.write(folder.resolve("damaged.h5"), damaged);
      try {
        InputFile.read(path, "/inputs");
      } catch (BrokenInputs e) {
        refused++;
        assertFalse(e.getMessage().contains("\n"), e.getMessage());
      }
    }
    // The file's structure lies in the part that is damaged: most flips cannot go unnoticed.
    assertTrue(refused > 15, refused + " of 60 were refused");
  }
}
