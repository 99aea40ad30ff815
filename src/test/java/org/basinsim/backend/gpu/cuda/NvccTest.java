package org.basinsim.backend.gpu.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.basinsim.backend.gpu.CompileFailure;
import org.basinsim.backend.gpu.GpuFailure;
import org.basinsim.backend.gpu.KernelSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** nvcc compiles for devices that are not there and says what a kernel takes. */
class NvccTest {
  /** Adds two arrays and turns each group of 64 around in shared memory. */
  static final KernelSource SUM =
      new KernelSource(
          "sum",
          """
          extern "C" __global__ void __launch_bounds__(64) sum(const float *a, const float *b, float *c) {
            __shared__ float turned[64];
            int i = (int)(blockIdx.x * 64 + threadIdx.x);
            turned[63 - threadIdx.x] = a[i] + b[i];
            __syncthreads();
            c[i] = turned[threadIdx.x];
          }
          """);

  /** 80 numbers a thread, all alive at once, where a group of 1024 leaves it 64 registers. */
  private static final KernelSource SPILLING =
      new KernelSource(
          "spilling",
          """
          extern "C" __global__ void __launch_bounds__(1024) spilling(float *a) {
            float x[80];
          #pragma unroll
            for (int i = 0; i < 80; i++) x[i] = a[i * 1024 + threadIdx.x];
            for (int step = 0; step < 9; step++) {
          #pragma unroll
              for (int i = 0; i < 80; i++) x[i] = x[i] * x[(i + 7) % 80] + x[(i + 31) % 80];
            }
          #pragma unroll
            for (int i = 0; i < 80; i++) a[i * 1024 + threadIdx.x] = x[i];
          }
          """);

  @TempDir Path folder;

  private static Nvcc nvcc() {
    try {
      return Nvcc.find();
    } catch (GpuFailure e) {
      assumeTrue(false, e.getMessage());
      throw e;
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {75, 80, 90, 120})
  void reportsWhatAKernelTakes(int capability) {
    Nvcc.Compiled compiled = nvcc().compileWithReports(SUM, new Target(capability, true));
    assertEquals("ELF", new String(compiled.image(), 1, 3, StandardCharsets.US_ASCII));
    ResourceReport report = compiled.reports().getFirst();
    assertEquals(1, compiled.reports().size());
    assertEquals("sum", report.entry());
    assertEquals("sm_" + capability, report.architecture());
    assertTrue(report.registers() > 4 && report.registers() < 64, report::toString);
    assertEquals(0, report.stackBytes());
    assertEquals(64 * 4, report.sharedBytes());
    assertFalse(report.spills());
  }

  @Test
  void reportsSpills() {
    ResourceReport report =
        nvcc().compileWithReports(SPILLING, new Target(90, true)).reports().getFirst();
    assertTrue(report.spills(), report::toString);
    assertTrue(report.stackBytes() > 0, report::toString);
    assertEquals(64, report.registers());
  }

  @Test
  void compilesToPtxThatEndsWithAZeroByte() {
    byte[] ptx = nvcc().compile(SUM, new Target(75, false));
    assertEquals(0, ptx[ptx.length - 1]);
    assertTrue(new String(ptx, StandardCharsets.US_ASCII).contains(".target sm_75"));
  }

  /** Products and sums stay apart: a contracted one would round once. */
  @Test
  void contractsNothing() {
    KernelSource source =
        new KernelSource(
            "f", "extern \"C\" __global__ void f(float *a) { a[0] = a[1] * a[2] + a[3]; }");
    String ptx =
        new String(nvcc().compile(source, new Target(90, false)), StandardCharsets.US_ASCII);
    assertTrue(ptx.contains("mul.rn.f32") && ptx.contains("add.rn.f32"), ptx);
    assertFalse(ptx.contains("fma"), ptx);
  }

  @Test
  void aRefusalCarriesLogAndText() {
    Nvcc nvcc = nvcc();
    KernelSource wrong = new KernelSource("train", "extern \"C\" __global__ void train() { x; }");
    CompileFailure failure =
        assertThrows(CompileFailure.class, () -> nvcc.compile(wrong, new Target(90, true)));
    assertTrue(
        failure
            .getMessage()
            .endsWith("(exit code 1): train.cu(1): error: identifier \"x\" is undefined"),
        failure.getMessage());
    assertEquals(wrong.text(), failure.source());
    assertTrue(failure.log().contains("1 error detected"), failure.log());
  }

  @Test
  void tellsItsVersionAndWhatItCompilesFor() {
    Nvcc nvcc = nvcc();
    assertTrue(nvcc.version().matches("nvcc \\d+\\.\\d+\\.\\d+"), nvcc.version());
    assertTrue(nvcc.version().startsWith("nvcc " + nvcc.major() + "."), nvcc.version());
    assertTrue(nvcc.capabilities().containsAll(List.of(80, 90)), nvcc.capabilities()::toString);
  }

  @ParameterizedTest
  @ValueSource(strings = {"exit 1", "echo another program", "echo gone >&2; exit 3"})
  void aProgramOfThatNameMayBeUnusable(String line) throws IOException {
    Path program = script(folder, line);
    assertThrows(UnusableCompiler.class, () -> new Nvcc(program));
  }

  @Test
  void isLookedForWhereTheVariableSaysThenOnPathThenInTheUsualPlaces() throws IOException {
    List<Path> programs = new ArrayList<>();
    for (String place :
        List.of("named/bin", "path", "root/usr/local/cuda-13.1/bin", "root/usr/local/cuda-9/bin")) {
      programs.add(script(Files.createDirectories(folder.resolve(place)), "exit 1"));
    }
    Files.writeString(Files.createDirectories(folder.resolve("plain")).resolve("nvcc"), "text");
    Map<String, String> variables =
        Map.of(
            "CUDA_HOME",
            folder.resolve("named").toString(),
            "PATH",
            "relative"
                + File.pathSeparator
                + folder.resolve("plain")
                + File.pathSeparator
                + folder.resolve("path"));
    Environment environment = new Environment(variables, folder.resolve("root"), folder, false);
    assertEquals(programs, List.copyOf(Nvcc.programs(environment)));
  }

  private static Path script(Path folder, String line) throws IOException {
    Path script = Files.writeString(folder.resolve("nvcc"), "#!/bin/sh\n" + line + "\n");
    assertTrue(script.toFile().setExecutable(true));
    return script;
  }
}
