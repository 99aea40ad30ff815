package org.basinsim.backend.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Normals and rows have the same bits in the interpreter, in compiled code and at another vector
 * width.
 */
class SameBitsTest {
  @Test
  void whileCodeIsCompiledUnderWay() {
    long cold = NormalsChecksum.of(20);
    for (int i = 0; i < 50; i++) {
      assertEquals(cold, NormalsChecksum.of(20));
    }
    long coldRows = RowsChecksum.value();
    for (int i = 0; i < 50; i++) {
      assertEquals(coldRows, RowsChecksum.value());
    }
  }

  @Test
  void interpreted() throws Exception {
    assertSameBits(FloatLanes.LENGTH, "-Xint");
  }

  @Test
  void withTheFirstCompilerOnly() throws Exception {
    assertSameBits(FloatLanes.LENGTH, "-XX:TieredStopAtLevel=1");
  }

  @Test
  void withVectorsOf256Bits() throws Exception {
    String processor = System.getProperty("os.arch");
    assumeTrue(
        processor.equals("amd64") || processor.equals("x86_64"),
        "vectors can be narrowed by -XX:UseAVX on x86 only, this is " + processor);
    assumeTrue(FloatLanes.LENGTH >= 8, "this processor has no vectors of 256 bits");
    assertSameBits(8, "-XX:UseAVX=2");
  }

  private static void assertSameBits(int length, String option) throws Exception {
    assertEquals(length + " " + NormalsChecksum.of(20), child(NormalsChecksum.class, option));
    assertEquals(length + " " + RowsChecksum.value(), child(RowsChecksum.class, option));
  }

  /** What the program prints in a machine of its own. */
  private static String child(Class<?> program, String option)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add(option);
    command.add("--add-modules=jdk.incubator.vector");
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(program.getName());
    // The notice of the incubating module goes to standard error.
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    String output =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    assertEquals(0, process.waitFor(), option + " printed " + output);
    return output;
  }
}
