package org.basinsim.backend.gpu;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.basinsim.backend.gpu.GpuDescription.Kind;
import org.basinsim.model.Precision;

/**
 * The product of {@code gemm.h}. Every entry is one chain of fused multiply-adds in the order of
 * the inner index: the same bits for any batch, and on every device.
 */
final class OwnGemm implements BatchedGemm {
  private static final int LARGE_EDGE = 8;
  private static final int SMALL_EDGE = 4;

  /** Work-items of a group along either side of its tile. */
  private static final int SIDE = 8;

  private final GpuSession session;
  private final Precision precision;
  private final GpuBuffer idle;
  private final Map<Call, GpuBuffer> calls = new HashMap<>();

  /** By edge and which of A and B are transposed. */
  private final Map<List<Object>, GpuKernel> kernels = new HashMap<>();

  private record Call(Product product, int restarts, List<Long> places) {}

  /**
   * @param session whose thread this is
   * @param idle an integer for each restart; one that is not 0 lets its products be left out
   */
  OwnGemm(GpuSession session, Precision precision, GpuBuffer idle) {
    this.session = session;
    this.precision = precision;
    this.idle = idle;
  }

  /** The edge of a work-item's block; 0 for a processor's vectors. */
  static int edge(GpuDescription device, int rows, int columns) {
    if (device.kind() == Kind.CPU) {
      return 0;
    }
    return Math.min(rows, columns) > SIDE * SMALL_EDGE ? LARGE_EDGE : SMALL_EDGE;
  }

  /** Work-items in a group. */
  static int group(int edge) {
    return edge == 0 ? 1 : SIDE * SIDE;
  }

  /** Adds what {@code gemm.h} is specialized by. */
  static void specialize(Map<String, String> constants, int edge) {
    constants.put("GEMM_EDGE", Integer.toString(edge));
  }

  static SequencedMap<String, String> constants(
      GpuDescription device, Precision precision, Product product) {
    int width = device.kind() == Kind.CPU ? device.vectorWidth(precision) : 1;
    SequencedMap<String, String> constants =
        new LinkedHashMap<>(KernelConstants.of(precision, width));
    specialize(constants, edge(device, product.rows(), product.columns()));
    constants.put("GEMM_A_TRANSPOSED", product.transposesA() ? "1" : "0");
    constants.put("GEMM_B_TRANSPOSED", product.transposesB() ? "1" : "0");
    return constants;
  }

  static KernelSource source(GpuDescription device, Precision precision, Product product) {
    return KernelSource.of(
        device.dialect(),
        constants(device, precision, product),
        List.of("gemm.h", "gemm.c"),
        "gemm");
  }

  /** Parts of C, a group each. */
  private static int parts(int edge, int width, Product product) {
    int tile = SIDE * edge;
    return edge == 0
        ? Math.ceilDiv(product.columns(), 2 * width)
        : Math.ceilDiv(product.rows(), tile) * Math.ceilDiv(product.columns(), tile);
  }

  @Override
  public void multiply(Product product, int restarts, Operand a, Operand b, Operand c) {
    GpuDevice device = session.device();
    int edge = edge(device.describe(), product.rows(), product.columns());
    int parts = parts(edge, device.describe().vectorWidth(precision), product);
    device.launch(
        kernel(product),
        Math.multiplyExact(parts, restarts),
        group(edge),
        List.of(call(product, restarts, a, b, c), idle, a.buffer(), b.buffer(), c.buffer()));
  }

  @Override
  public void prepare(Product product) {
    kernel(product);
  }

  private GpuKernel kernel(Product product) {
    int edge = edge(session.device().describe(), product.rows(), product.columns());
    return kernels.computeIfAbsent(
        List.of(edge, product.transposesA(), product.transposesB()),
        form -> compiled(edge, product));
  }

  private GpuKernel compiled(int edge, Product product) {
    String words =
        "product %s%s, blocks of %d, %s"
            .formatted(
                product.transposesA() ? "T" : "N",
                product.transposesB() ? "T" : "N",
                edge,
                precision.word());
    return session.kernel(source(session.device().describe(), precision, product), words);
  }

  /** What the kernel reads of a call, uploaded when it is first made. */
  private GpuBuffer call(Product product, int restarts, Operand a, Operand b, Operand c) {
    List<Long> places =
        List.of(a.first(), a.stride(), b.first(), b.stride(), c.first(), c.stride());
    return calls.computeIfAbsent(new Call(product, restarts, places), OwnGemm.this::uploaded);
  }

  private GpuBuffer uploaded(Call call) {
    Product product = call.product();
    try (NativeNumbers numbers = NativeNumbers.ofInts(7 + 2L * call.places().size())) {
      numbers.add(product.rows());
      numbers.add(product.columns());
      numbers.add(product.inner());
      numbers.add(product.transposesA() ? 1 : 0);
      numbers.add(product.transposesB() ? 1 : 0);
      numbers.add(product.accumulates() ? 1 : 0);
      numbers.add(call.restarts());
      for (long place : call.places()) {
        numbers.add((int) place);
        numbers.add((int) (place >>> 32));
      }
      GpuBuffer buffer = session.device().allocate(numbers.segment().byteSize());
      session.device().upload(buffer, numbers.segment());
      return buffer;
    }
  }

  @Override
  public void close() {
    calls.values().forEach(GpuBuffer::close);
  }
}
