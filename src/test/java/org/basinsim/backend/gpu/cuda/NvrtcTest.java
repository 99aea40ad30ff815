package org.basinsim.backend.gpu.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SequencedSet;
import java.util.stream.Stream;
import org.basinsim.backend.gpu.CompileFailure;
import org.basinsim.backend.gpu.KernelSource;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * The binding against a library that writes down how it is called, and against a real NVRTC where
 * there is one.
 */
class NvrtcTest {
  private static final KernelSource SOURCE = new KernelSource("train", "a text, ∇ and all\n");

  @TempDir Path folder;

  private Path record;

  /** A library that says it is 12.4 and compiles for 7.5 and 9.0. */
  private Path library(String... options) {
    record = folder.resolve("record");
    String[] all =
        Stream.concat(
                Stream.of(
                    "-DRECORD=\"" + record + "\"",
                    "-DMAJOR=12",
                    "-DMINOR=4",
                    "-DCAPABILITIES=75,90"),
                Arrays.stream(options))
            .toArray(String[]::new);
    HostCompiler.builtins(folder);
    return HostCompiler.library("recorder.c", folder.resolve("libnvrtc.so.12"), all);
  }

  @Test
  void tellsItsVersionAndWhatItCompilesFor() throws UnusableCompiler, IOException {
    Path library = library();
    Nvrtc nvrtc = new Nvrtc(library);
    assertEquals("NVRTC 12.4", nvrtc.version());
    assertEquals(12, nvrtc.major());
    assertEquals(List.of(75, 90), nvrtc.capabilities());
    assertEquals("NVRTC 12.4 " + library + " " + Files.size(library), nvrtc.identity());
  }

  @Test
  void compilesToMachineCode() throws UnusableCompiler, IOException {
    Nvrtc nvrtc = new Nvrtc(library());
    byte[] image = nvrtc.compile(SOURCE, new Target(90, true));
    assertArrayEquals(new byte[] {'c', 'u', 0, 'i', 'n'}, image);
    assertEquals(
        """
        create train.cu
        text a text, ∇ and all

        headers none
        option --gpu-architecture=sm_90
        option --fmad=false
        option --std=c++17
        destroy
        """,
        Files.readString(record));
  }

  @Test
  void compilesToPtxThatEndsWithAZeroByte() throws UnusableCompiler, IOException {
    Nvrtc nvrtc = new Nvrtc(library());
    byte[] image = nvrtc.compile(SOURCE, Target.of(86, nvrtc.capabilities()).orElseThrow());
    assertArrayEquals("ptx\0".getBytes(StandardCharsets.US_ASCII), image);
    assertTrue(Files.readString(record).contains("option --gpu-architecture=compute_75\n"));
  }

  @Test
  void aRefusalCarriesLogAndText() throws UnusableCompiler, IOException {
    Nvrtc nvrtc = new Nvrtc(library());
    KernelSource wrong = new KernelSource("train", "something wrong");
    CompileFailure failure =
        assertThrows(CompileFailure.class, () -> nvrtc.compile(wrong, new Target(90, true)));
    assertEquals(
        "NVRTC 12.4 does not compile train (NVRTC_ERROR_COMPILATION): text.cu(1): error: it is"
            + " wrong",
        failure.getMessage());
    assertEquals("a warning\ntext.cu(1): error: it is wrong\n1 error", failure.log());
    assertEquals("something wrong", failure.source());
    assertTrue(Files.readString(record).endsWith("destroy\n"));
    assertEquals(5, nvrtc.compile(SOURCE, new Target(90, true)).length, "it can go on");
  }

  @Test
  void whatLacksAFunctionIsUnusable() {
    assertUnusable("lacks nvrtcGetCUBINSize", library("-DWITHOUT_CUBIN"));
  }

  @Test
  void whatDoesNotWorkIsUnusable() {
    assertUnusable("nvrtcVersion: NVRTC_ERROR_INTERNAL_ERROR", library("-DBROKEN"));
  }

  /** The loader would map half a file, and the first touch of what is missing would end the JVM. */
  @Test
  void whatIsHalfWrittenIsUnusable() throws IOException {
    Path library = library();
    byte[] whole = Files.readAllBytes(library);
    for (int length : new int[] {0, 1, 63, 64, whole.length / 2, whole.length - 1}) {
      Files.write(library, Arrays.copyOf(whole, length));
      assertUnusable("libnvrtc.so.12 is not a whole library", library);
    }
    Files.writeString(library, "not a library at all".repeat(99));
    assertUnusable("libnvrtc.so.12 is not a whole library", library);
  }

  @Test
  void whatTheLoaderRefusesIsUnusable() throws IOException {
    Path library = library();
    byte[] whole = Files.readAllBytes(library);
    // Another processor's.
    whole[0x12] = (byte) 0xb7;
    Files.write(library, whole);
    assertUnusable("the loader refuses libnvrtc.so.12", library);
  }

  @Test
  void itsBuiltinsMustBeBesideIt() throws IOException {
    Path library = library();
    Path builtins = folder.resolve("libnvrtc-builtins.so.0.1");
    Files.write(builtins, Arrays.copyOf(Files.readAllBytes(builtins), 1000));
    assertUnusable("libnvrtc-builtins.so.0.1 is not a whole library", library);
    Files.delete(builtins);
    assertUnusable("libnvrtc-builtins is not beside it", library);
  }

  @Test
  void aNameTheLoaderDoesNotKnowIsNotWorthAWord() {
    assertUnusable("", Path.of("libnvrtc.so.999"));
  }

  private static void assertUnusable(String why, Path library) {
    assertEquals(why, assertThrows(UnusableCompiler.class, () -> new Nvrtc(library)).getMessage());
  }

  /** One test for each NVRTC of this machine; it compiles for devices that are not there. */
  @TestFactory
  Stream<DynamicTest> everyRealOneCompiles() {
    SequencedSet<Path> candidates = CudaLibraries.nvrtc(Environment.ofProcess()).candidates();
    return candidates.stream()
        .filter(Path::isAbsolute)
        .map(library -> DynamicTest.dynamicTest(library.toString(), () -> compile(library)));
  }

  private static void compile(Path library) throws UnusableCompiler {
    Nvrtc nvrtc = new Nvrtc(library);
    for (int capability : List.of(75, 80, 90)) {
      Target target = Target.of(capability, nvrtc.capabilities()).orElseThrow();
      byte[] image = nvrtc.compile(NvccTest.SUM, target);
      String beginning = new String(image, 0, 4, StandardCharsets.ISO_8859_1);
      assertEquals(target.machineCode() ? "\u007fELF" : "//\n/", beginning);
    }
    KernelSource wrong = new KernelSource("train", "extern \"C\" __global__ void train() { x; }");
    CompileFailure failure =
        assertThrows(CompileFailure.class, () -> nvrtc.compile(wrong, new Target(75, true)));
    assertTrue(failure.getMessage().contains("identifier \"x\" is undefined"));
  }
}
