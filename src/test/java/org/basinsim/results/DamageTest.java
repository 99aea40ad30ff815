package org.basinsim.results;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jhdf.HdfFile;
import io.jhdf.WritableHdfFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.basinsim.model.RestartRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DamageTest {
  @TempDir Path folder;

  private static String refused(Path file) {
    DamagedResults damaged =
        assertThrows(DamagedResults.class, () -> ResultsFile.open(file).forEachRows(rows -> {}));
    assertEquals(1, damaged.getMessage().lines().count());
    assertTrue(damaged.getMessage().startsWith(file + ": "), damaged.getMessage());
    return damaged.getMessage();
  }

  @Test
  void truncatedAnywhere() throws IOException {
    Path file = folder.resolve("x.h5");
    Toy.complete(file, Toy.manifest(13, "a", "b"), 5, 1);
    byte[] whole = Files.readAllBytes(file);
    for (int percent = 0; percent < 100; percent += 10) {
      Path cut = folder.resolve("cut" + percent + ".h5");
      Files.write(cut, Arrays.copyOf(whole, whole.length * percent / 100));
      refused(cut);
    }
    Path cut = folder.resolve("cut.h5");
    Files.write(cut, Arrays.copyOf(whole, whole.length - 1));
    assertTrue(refused(cut).contains("truncated"));
  }

  @Test
  void foreignFiles() throws IOException {
    Path text = folder.resolve("text.h5");
    Files.writeString(text, "schema = 1\n".repeat(100));
    assertTrue(refused(text).contains("not a readable HDF5 file"));
    Path utf16 = folder.resolve("utf16.h5");
    Files.write(utf16, "schema = 1\n".repeat(100).getBytes(StandardCharsets.UTF_16));
    refused(utf16);
    Path foreign = folder.resolve("foreign.h5");
    try (WritableHdfFile hdf = HdfFile.write(foreign)) {
      hdf.putDataset("x", new double[] {1, 2});
    }
    assertTrue(refused(foreign).contains("not one of basin-results"));
    Path newer = folder.resolve("newer.h5");
    try (WritableHdfFile hdf = HdfFile.write(newer)) {
      hdf.putAttribute("format", "basin-results");
      hdf.putAttribute("format_version", 2);
    }
    assertTrue(refused(newer).contains("format version 2; this program reads version 1"));
    Path hollow = folder.resolve("hollow.h5");
    try (WritableHdfFile hdf = HdfFile.write(hollow)) {
      hdf.putAttribute("format", "basin-results");
      hdf.putAttribute("format_version", 1);
    }
    assertTrue(refused(hollow).contains("no data set /study"));
    assertThrows(InaccessibleResults.class, () -> ResultsFile.open(folder.resolve("none.h5")));
    assertThrows(InaccessibleResults.class, () -> ResultsFile.open(folder));
  }

  /** Any altered byte is refused in one line or read without harm; nothing else may happen. */
  @Test
  void alteredBytesNeverCrash() throws IOException {
    Path file = folder.resolve("x.h5");
    Toy.complete(file, Toy.manifest(3, "a"), 5, 1);
    byte[] whole = Files.readAllBytes(file);
    SplittableRandom random = new SplittableRandom(11);
    Path altered = folder.resolve("altered.h5");
    int refused = 0;
    for (int i = 0; i < 300; i++) {
      byte[] bytes = whole.clone();
      bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
      Files.write(altered, bytes);
      try {
        ResultsFile.open(altered).forEachRows(rows -> {});
      } catch (DamagedResults e) {
        assertEquals(1, e.getMessage().lines().count());
        refused++;
      }
    }
    assertTrue(refused > 15, refused + " refused");
  }

  private static List<Path> shards(Path file) throws IOException {
    List<Path> shards = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(Shards.folder(file), "*.h5")) {
      entries.forEach(shards::add);
    }
    return shards;
  }

  @Test
  void damagedShardsAreSetAsideAndComputedAgain() throws IOException {
    for (Manifest manifest : List.of(Toy.manifest(20, "a", "b"), Toy.countsOnly(20, "a", "b"))) {
      String name = manifest.countsOnly() ? "counts" : "rows";
      Path whole = folder.resolve(name + "-whole.h5");
      Toy.complete(whole, manifest, 5, 1);
      Map<String, String> expected = DataSets.of(whole);
      Path file = folder.resolve(name + ".h5");
      try (ResultsStore store = Toy.open(file, manifest)) {
        store.accept(Toy.outcomes(manifest, new RestartRange(0, 0, 8)));
        store.flush();
        store.accept(Toy.outcomes(manifest, new RestartRange(1, 0, 9)));
      }
      Path shard = shards(file).getFirst();
      byte[] bytes = Files.readAllBytes(shard);
      bytes[bytes.length / 2] ^= 4;
      Files.write(shard, bytes);
      Files.writeString(Shards.folder(file).resolve("rows-9.tmp"), "half a shard");
      try (ResultsStore store = Toy.open(file, manifest)) {
        assertEquals(1, store.notices().size());
        assertTrue(store.notices().getFirst().contains(".damaged"));
        long recorded = store.recorded().stream().mapToLong(Coverage::count).sum();
        assertTrue(recorded > 0 && recorded < 17);
      }
      Toy.complete(file, manifest, 5, 2);
      assertEquals(expected, DataSets.of(file));
    }
  }

  @Test
  void damagedPartsOfAFinishedStudyAreSeenAndComputedAgain() throws IOException {
    Manifest manifest = Toy.manifest(50, "a");
    Path file = folder.resolve("x.h5");
    Toy.complete(file, manifest, 5, 1);
    Map<String, String> expected = DataSets.of(file);
    List<Path> parts = shards(file);
    assertEquals(7, parts.size());
    byte[] bytes = Files.readAllBytes(parts.get(2));
    bytes[bytes.length - 100] ^= 1;
    Files.write(parts.get(2), bytes);
    assertThrows(DamagedResults.class, () -> ResultsFile.open(file).forEachRows(rows -> {}));
    Files.delete(parts.get(3));
    assertThrows(DamagedResults.class, () -> ResultsFile.open(file).row(0, 49));
    try (ResultsStore store = Toy.open(file, manifest)) {
      assertEquals(2, store.notices().size());
    }
    Toy.complete(file, manifest, 5, 2);
    assertEquals(expected, DataSets.of(file));
  }
}
