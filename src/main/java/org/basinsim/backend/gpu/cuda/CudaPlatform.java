package org.basinsim.backend.gpu.cuda;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.basinsim.backend.BackendUnavailable;
import org.basinsim.backend.DeviceInfo;
import org.basinsim.backend.gpu.GpuDevice;
import org.basinsim.backend.gpu.GpuFailure;

/**
 * The NVIDIA GPUs of this machine. The driver is asked once a process, at the first call; a machine
 * without one is no error until a device is opened.
 */
public final class CudaPlatform {
  private CudaPlatform() {}

  /**
   * What was found.
   *
   * @param driver absent where something is missing
   * @param missing why there is no device, and the remedy
   */
  private record Search(
      Optional<NvidiaDriver> driver, List<CudaHardware> devices, Optional<String> missing) {

    static final Search DONE = search();

    private static Search search() {
      try {
        NvidiaDriver driver = NvidiaDriver.start();
        List<CudaHardware> devices =
            IntStream.range(0, CudaHardware.count()).mapToObj(CudaHardware::of).toList();
        return new Search(Optional.of(driver), devices, Optional.empty());
      } catch (BackendUnavailable | GpuFailure e) {
        return new Search(Optional.empty(), List.of(), Optional.of(e.getMessage()));
      }
    }
  }

  /** The compilers are searched once a process, after the driver. */
  private record Compilers(Optional<CudaCompiler> compiler, Optional<String> missing) {
    static final Compilers DONE = search();

    private static Compilers search() {
      try {
        int driver = Search.DONE.driver().orElseThrow().major();
        CudaCompiler compiler = CompilerSearch.find(Environment.ofProcess(), driver);
        return new Compilers(Optional.of(compiler), Optional.empty());
      } catch (UnusableCompiler e) {
        return new Compilers(Optional.empty(), Optional.of(e.getMessage()));
      }
    }
  }

  /**
   * What multiplies matrices is chosen once a process, after the compiler.
   *
   * @param library absent where the program does itself
   */
  private record Products(Optional<Cublas> library, Optional<String> missing) {
    static final Products DONE = search();

    private static Products search() {
      try {
        int driver = Search.DONE.driver().orElseThrow().major();
        return new Products(CublasSearch.choose(Environment.ofProcess(), driver), Optional.empty());
      } catch (UnusableCompiler e) {
        return new Products(Optional.empty(), Optional.of(e.getMessage()));
      }
    }
  }

  /** Every device, {@code cuda:0} first; none where something is missing. */
  public static List<DeviceInfo> devices() {
    return Search.DONE.devices().stream().map(CudaHardware::info).toList();
  }

  /**
   * What keeps this machine from computing with CUDA and the remedy, in one line: the driver, a
   * device, JCuda's natives, a compiler or a library that was asked for. Empty where {@link #open}
   * would serve.
   */
  public static Optional<String> missing() {
    return Search.DONE
        .missing()
        .or(() -> Compilers.DONE.missing())
        .or(() -> Products.DONE.missing());
  }

  /**
   * What multiplies matrices on these devices, as results record it: {@code own}, or a library, its
   * version and what it promises. Empty where no device serves.
   */
  public static Optional<String> gemm() {
    return missing().isPresent()
        ? Optional.empty()
        : Optional.of(Products.DONE.library().map(CublasMatrices::words).orElse("own"));
  }

  /**
   * Takes hold of a device.
   *
   * @param ordinal 0 for {@code cuda:0}
   * @return a device that belongs to the calling thread until it is handed on
   * @throws BackendUnavailable in one line with the remedy where it is not there or does not serve
   */
  public static GpuDevice open(int ordinal) {
    String name = "cuda:" + ordinal;
    Optional<String> missing = missing();
    if (missing.isPresent()) {
      throw new BackendUnavailable("device '" + name + "': " + missing.get());
    }
    List<CudaHardware> devices = Search.DONE.devices();
    if (ordinal < 0 || ordinal >= devices.size()) {
      List<String> names = devices().stream().map(DeviceInfo::name).toList();
      throw new BackendUnavailable(
          "device '" + name + "': not there; there are " + String.join(", ", names));
    }
    try {
      CudaDevice device =
          CudaDevice.open(
              devices.get(ordinal),
              Search.DONE.driver().orElseThrow(),
              Compilers.DONE.compiler().orElseThrow(),
              KernelCache.of(Environment.ofProcess()));
      return Products.DONE.library().map(device::with).orElse(device);
    } catch (GpuFailure e) {
      throw new BackendUnavailable(e.getMessage() + "; check nvidia-smi");
    }
  }
}
