package org.basinsim.backend.gpu.opencl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jocl.LibUtils;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Native code in processes of their own: what is missing or broken ends no JVM. */
class OpenClProcessTest {
  private static final String SUM = "sum 328350";

  /** The child's folder for temporary files. */
  @TempDir Path temporary;

  @TempDir Path folder;

  private final List<String> options = new ArrayList<>();
  private final Map<String, String> environment = new HashMap<>();

  @BeforeEach
  void useOwnFolder() {
    options.add("-Djava.io.tmpdir=" + temporary);
  }

  private OpenClProcess start(String task) throws IOException {
    return OpenClProcess.start(folder, environment, options, OpenClProgram.class, task);
  }

  private List<String> run(String task) throws IOException, InterruptedException {
    return start(task).output();
  }

  /** The one line that it printed each time it was asked. */
  private String missing() throws IOException, InterruptedException {
    List<String> lines = run("find");
    assertEquals(2, lines.size(), lines::toString);
    assertEquals(lines.getFirst(), lines.getLast());
    return lines.getFirst();
  }

  private static List<String> namesIn(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void namesAMissingLibrary() throws Exception {
    options.add("-D" + OpenClLibrary.LIBRARY_PROPERTY + "=libNoOpenCL.so.1");
    assertEquals(
        "no OpenCL: libNoOpenCL.so.1 was not found; it comes with a GPU's driver, or on Debian and"
            + " Ubuntu with: sudo apt-get install ocl-icd-libopencl1 pocl-opencl-icd",
        missing());
  }

  @Test
  void namesALibraryThatIsNotOpenCl() throws Exception {
    Path library = libraryOfTheJvm();
    options.add("-D" + OpenClLibrary.LIBRARY_PROPERTY + "=" + library);
    String line = missing();
    assertTrue(line.startsWith("no OpenCL device: The function clGetPlatformIDs is not"), line);
  }

  private static Path libraryOfTheJvm() {
    Path home = Path.of(System.getProperty("java.home"));
    return home.resolve("lib").resolve(System.mapLibraryName("verify"));
  }

  @Test
  void namesAMissingPlatform() throws Exception {
    PresentOpenCl.require();
    environment.put("OCL_ICD_VENDORS", Files.createDirectory(folder.resolve("none")) + "/");
    assertEquals(
        "no OpenCL device: there is no platform; install the GPU's driver, or for the processor, on"
            + " Debian and Ubuntu: sudo apt-get install pocl-opencl-icd",
        missing());
  }

  @Test
  void namesASystemThatJoclDoesNotServe() throws Exception {
    PresentOpenCl.require();
    options.add("-Dos.arch=sparc");
    assertEquals(
        "JOCL has no native library for "
            + System.getProperty("os.name")
            + " sparc; it serves Linux and macOS on x86-64 and arm64, and Windows on x86-64",
        missing());
  }

  @Test
  void namesAFolderThatTakesNoLibrary() throws Exception {
    PresentOpenCl.require();
    Path file = Files.createFile(folder.resolve("file"));
    options.add("-Djava.io.tmpdir=" + file);
    String line = missing();
    assertTrue(line.startsWith("JOCL's native library could not be loaded on "), line);
    assertTrue(line.contains("it is unpacked into " + file), line);
  }

  @Test
  void isNotHarmedByALibraryThatSomebodyHalfWrote() throws Exception {
    PresentOpenCl.require();
    String name = LibUtils.createLibraryFileName(LibUtils.createPlatformLibraryName("JOCL_2_0_5"));
    Path half = temporary.resolve(name);
    try (InputStream library = LibUtils.class.getResourceAsStream("/lib/" + name)) {
      byte[] whole = library.readAllBytes();
      Files.write(half, Arrays.copyOf(whole, whole.length / 2));
    }
    assertEquals(SUM, run("compute").getFirst());
    assertEquals(List.of(name), namesIn(temporary));
  }

  @Test
  void serveTwoProcessesAtOnce() throws Exception {
    PresentOpenCl.require();
    OpenClProcess one = start("compute");
    OpenClProcess other = start("compute");
    assertEquals(SUM, one.output().getFirst());
    assertEquals(SUM, other.output().getFirst());
    assertEquals(List.of(), namesIn(temporary));
  }

  @Test
  void keepsPoclsKernelsToItselfAndRemovesThem() throws Exception {
    requirePocl();
    Path home = Files.createDirectory(folder.resolve("home"));
    environment.put("HOME", home.toString());
    environment.put("XDG_CACHE_HOME", home.toString());
    List<String> lines = run("compute");
    assertEquals(SUM, lines.getFirst());
    assertTrue(lines.get(1).startsWith("basin-pocl-"), lines::toString);
    assertEquals(List.of(), namesIn(home));
    assertEquals(List.of(), namesIn(temporary));
  }

  @Test
  void leavesAChosenPoclFolderAlone() throws Exception {
    requirePocl();
    Path chosen = Files.createDirectory(folder.resolve("chosen"));
    environment.put("POCL_CACHE_DIR", chosen.toString());
    List<String> lines = run("compute");
    assertEquals(SUM, lines.getFirst());
    assertTrue(lines.stream().noneMatch(line -> line.contains("pocl")), lines::toString);
    assertFalse(namesIn(chosen).isEmpty());
  }

  private static void requirePocl() {
    PresentOpenCl.require();
    String first = OpenClPlatform.find().devices().getFirst().driver();
    assumeTrue(first.contains("PoCL"), () -> "the first OpenCL device is not PoCL's: " + first);
  }

  @Test
  void leavesTheSignalsToTheJvm() throws Exception {
    PresentOpenCl.require();
    assertEquals(
        List.of("compiled true", "refused", "USR1 is heard", "1 / 0 is refused", "null is refused"),
        run("signals"));
  }

  @Test
  void findsRacesInOclgrindsGpu() throws Exception {
    environment.putAll(OpenClProcess.oclgrind());
    OpenClProcess good = start("compute");
    assertEquals(SUM, good.output().getFirst());
    assertEquals("", good.errors());
    OpenClProcess racing = start("race");
    assertEquals(List.of("GPU"), racing.output());
    assertTrue(racing.errors().contains("data race"), racing.errors());
  }
}
