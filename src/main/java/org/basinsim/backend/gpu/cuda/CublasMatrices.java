package org.basinsim.backend.gpu.cuda;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.SequencedSet;
import org.basinsim.backend.BackendUnavailable;
import org.basinsim.backend.gpu.BatchedGemm.Operand;
import org.basinsim.backend.gpu.BatchedGemm.Product;
import org.basinsim.backend.gpu.GpuBuffer;
import org.basinsim.backend.gpu.GpuMatrices;

/**
 * cuBLAS on a device. It is used where BASIN_GEMM asks for it: what it promises of equal bits is
 * less than what the program's own products keep.
 */
final class CublasMatrices implements GpuMatrices {
  private static final String CHOICE = "BASIN_GEMM";

  /** What a device makes of a call in its context, and of a buffer. */
  interface Device {

    void call(String name, Runnable call);

    /** Where a buffer begins. */
    long address(GpuBuffer buffer);
  }

  private final Cublas library;
  private final MemorySegment handle;
  private final Device device;
  private final String words;

  private CublasMatrices(Cublas library, MemorySegment handle, Device device) {
    this.library = library;
    this.handle = handle;
    this.device = device;
    this.words =
        "cublas %s, bit for bit the same only in calls of one size"
            .formatted(library.version(handle));
  }

  /**
   * Whether the environment asks for it.
   *
   * @throws BackendUnavailable where it asks for what there is not
   */
  static boolean asked() {
    String choice = System.getenv().getOrDefault(CHOICE, "own");
    if (!choice.equals("own") && !choice.equals("cublas")) {
      throw new BackendUnavailable(
          "%s = '%s': products of matrices are own or cublas".formatted(CHOICE, choice));
    }
    return choice.equals("cublas");
  }

  /**
   * Takes it into use; in the device's context.
   *
   * @param stream address of the device's stream
   * @throws BackendUnavailable where there is none
   */
  static CublasMatrices start(Device device, long stream) {
    Cublas library = find();
    return new CublasMatrices(library, library.create(stream), device);
  }

  private static Cublas find() {
    SequencedSet<String> reasons = new LinkedHashSet<>();
    for (Path candidate : CudaLibraries.cublas(Environment.ofProcess()).candidates()) {
      try {
        return new Cublas(candidate);
      } catch (UnusableCompiler e) {
        if (candidate.isAbsolute()) {
          reasons.add(candidate + ": " + e.getMessage());
        }
      }
    }
    throw new BackendUnavailable(
        CHOICE
            + " = cublas, and there is no libcublas.so.12 or .13"
            + (reasons.isEmpty() ? "" : " of use: " + String.join("; ", reasons)));
  }

  @Override
  public String words() {
    return words;
  }

  @Override
  public void multiply(
      boolean doubles, Product product, int restarts, Operand a, Operand b, Operand c) {
    int bytes = doubles ? Double.BYTES : Float.BYTES;
    device.call(
        "cublas" + (doubles ? "D" : "S") + "gemmStridedBatched",
        () ->
            library.multiply(
                handle,
                doubles,
                product,
                restarts,
                device.address(a.buffer()) + bytes * a.first(),
                a.stride(),
                device.address(b.buffer()) + bytes * b.first(),
                b.stride(),
                device.address(c.buffer()) + bytes * c.first(),
                c.stride()));
  }

  void close() {
    library.destroy(handle);
  }
}
