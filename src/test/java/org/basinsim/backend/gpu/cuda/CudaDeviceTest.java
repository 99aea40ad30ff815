package org.basinsim.backend.gpu.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Every call of a device, through JCuda, on an emulated driver that checks what it is given. Shows
 * that calls are right, not that a GPU computes what it should.
 */
class CudaDeviceTest {
  /** Of all tests, which so share compiled kernels. */
  @TempDir static Path folder;

  private EmulatedCuda.Ended run(String method, Map<String, String> settings)
      throws IOException, InterruptedException {
    EmulatedCuda.Ended ended =
        EmulatedCuda.run(folder, settings, List.of(), CudaDeviceProcess.class.getName(), method);
    assertEquals("", ended.err());
    assertEquals(0, ended.code());
    return ended;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "copies",
        "slices",
        "launches",
        "arguments",
        "memory",
        "mistakes",
        "compilation",
        "threads",
        "closing"
      })
  void doesWhatItIsToldAndFreesWhatItTook(String method) throws IOException, InterruptedException {
    EmulatedCuda.Ended ended = run(method, Map.of());
    assertEquals("done\n", ended.out());
    assertEquals(ended.calls("cuDevicePrimaryCtxRetain"), ended.calls("cuDevicePrimaryCtxRelease"));
    assertEquals(ended.calls("cuStreamCreate"), ended.calls("cuStreamDestroy"));
    assertEquals(ended.calls("cuModuleLoadDataEx"), ended.calls("cuModuleUnload"));
    long refused = method.equals("memory") ? 2 : 0;
    assertEquals(ended.calls("cuMemAlloc") - refused, ended.calls("cuMemFree"));
  }

  @Test
  void theLaunchIsTheOneAskedFor() throws IOException, InterruptedException {
    List<String> launches =
        run("launches", Map.of()).calls().stream()
            .filter(call -> call.startsWith("cuLaunchKernel"))
            .toList();
    String launch = "cuLaunchKernel sum 5x1x1 groups of 64x1x1, 0 bytes shared";
    assertEquals(List.of(launch, launch), launches);
  }

  /** A stream that does not wait for the default stream, with which others may work. */
  @Test
  void theStreamIsItsOwn() throws IOException, InterruptedException {
    assertEquals(
        1, run("kernel", Map.of()).calls().stream().filter("cuStreamCreate 1"::equals).count());
  }

  /** The second process has no compiler that works: the kernel comes from the cache. */
  @Test
  void aKernelIsCompiledOnce() throws IOException, InterruptedException {
    Path own = folder.resolve("own");
    Map<String, String> caching = Map.of("XDG_CACHE_HOME", own.toString());
    Map<String, String> without = Map.of("XDG_CACHE_HOME", own.toString(), "PATH", "/nowhere");
    assertEquals("done\n", run("kernel", caching).out());
    assertEquals("done\n", run("kernel", without).out());
    try (Stream<Path> files = Files.list(own.resolve("basin/kernels"))) {
      Files.write(files.findFirst().orElseThrow(), new byte[] {1, 2, 3});
    }
    assertEquals("done\n", run("kernel", caching).out(), "a damaged one is compiled again");
  }

  /** A device newer than the compiler gets PTX. */
  @Test
  void aNewerDeviceCompilesByItself() throws IOException, InterruptedException {
    assertEquals("done\n", run("launches", Map.of("CUDA_EMULATED_CAPABILITY", "103")).out());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "cuMemAlloc:1:2 | OutOfDeviceMemory cuda:0: cuMemAlloc of 256 bytes:"
            + " CUDA_ERROR_OUT_OF_MEMORY; 1.0 GiB of 1.0 GiB are free",
        "cuMemAlloc:2:999 | GpuFailure cuda:0: cuMemAlloc of 256 bytes: CUDA_ERROR_UNKNOWN",
        "cuModuleLoadDataEx:1:209 | GpuFailure cuda:0: cuModuleLoadData sum:"
            + " CUDA_ERROR_NO_BINARY_FOR_GPU",
        "cuModuleLoadDataEx:1:2 | OutOfDeviceMemory cuda:0: cuModuleLoadData sum:"
            + " CUDA_ERROR_OUT_OF_MEMORY",
        "cuFuncGetAttribute:1:1 | GpuFailure cuda:0: cuFuncGetAttribute 4:"
            + " CUDA_ERROR_INVALID_VALUE",
        "cuMemcpyHtoDAsync:1:1 | GpuFailure cuda:0: cuMemcpyHtoDAsync: CUDA_ERROR_INVALID_VALUE",
        "cuLaunchKernel:1:701 | GpuFailure cuda:0: cuLaunchKernel:"
            + " CUDA_ERROR_LAUNCH_OUT_OF_RESOURCES",
        "cuStreamSynchronize:2:700 | GpuFailure cuda:0: cuStreamSynchronize:"
            + " CUDA_ERROR_ILLEGAL_ADDRESS",
        "cuStreamSynchronize:2:719 | GpuFailure cuda:0: cuStreamSynchronize:"
            + " CUDA_ERROR_LAUNCH_FAILED",
        "cuMemcpyDtoHAsync:1:702 | GpuFailure cuda:0: cuMemcpyDtoHAsync:"
            + " CUDA_ERROR_LAUNCH_TIMEOUT",
        "cuCtxSetCurrent:3:4 | GpuFailure cuda:0: cuCtxSetCurrent: CUDA_ERROR_DEINITIALIZED",
        "cuMemFree:1:999 | closing: cuda:0: cuMemFree: CUDA_ERROR_UNKNOWN",
        "cuModuleUnload:1:719 | closing: cuda:0: cuModuleUnload: CUDA_ERROR_LAUNCH_FAILED",
      })
  void aFailureIsOneLineAndTheDeviceCloses(String fault, String told)
      throws IOException, InterruptedException {
    EmulatedCuda.Ended ended = run("everything", Map.of("CUDA_EMULATED_FAULT", fault));
    assertEquals(told + "\ndone\n", ended.out());
    assertEquals(1, ended.calls("cuDevicePrimaryCtxRelease"));
  }
}
