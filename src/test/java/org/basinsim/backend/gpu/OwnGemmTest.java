package org.basinsim.backend.gpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.time.Duration;
import java.util.Random;
import org.basinsim.backend.gpu.BatchedGemm.Operand;
import org.basinsim.backend.gpu.BatchedGemm.Product;
import org.basinsim.backend.gpu.GpuDescription.Kind;
import org.basinsim.backend.gpu.opencl.OpenClPlatform;
import org.basinsim.backend.gpu.opencl.PresentOpenCl;
import org.basinsim.model.Precision;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Products of matrices against a plain loop, bit for bit: the order of the sum is part of them. */
class OwnGemmTest {
  private static GpuSession cpu;
  private static GpuSession gpu;

  @BeforeAll
  static void open() {
    cpu = new GpuSession(PresentOpenCl.open(), Duration.ofMinutes(1));
    gpu = new GpuSession(OpenClPlatform.open(0, Kind.GPU), Duration.ofMinutes(1));
  }

  @AfterAll
  static void close() {
    if (gpu != null) {
      cpu.close();
      gpu.close();
    }
  }

  /**
   * Sizes below, at and beyond tiles of 32 and 64, panels of 16 and 32, stretches of 16 and 128.
   */
  @ParameterizedTest
  @CsvSource({
    "1, 1, 1, false, true, false",
    "7, 33, 131, false, true, false",
    "5, 67, 257, false, true, true",
    "67, 65, 17, true, false, true",
    "13, 32, 128, true, false, false",
    "6, 31, 129, false, false, true",
    "64, 96, 16, false, false, false",
    "65, 129, 3, false, false, true"
  })
  void everyEntryIsTheChainOfItsProducts(
      int rows, int columns, int inner, boolean a, boolean b, boolean accumulates) {
    Product product = new Product(rows, columns, inner, a, b, accumulates);
    for (Precision precision : Precision.values()) {
      check(cpu, precision, product);
    }
  }

  /** Of either edge one: PoCL takes seconds to compile such a kernel. */
  @ParameterizedTest
  @CsvSource({"7, 33, 131, false, true, false", "67, 65, 17, true, false, true"})
  void tilesGiveTheSame(
      int rows, int columns, int inner, boolean a, boolean b, boolean accumulates) {
    check(gpu, Precision.SINGLE, new Product(rows, columns, inner, a, b, accumulates));
  }

  /** Three restarts, of which the second is idle, with room between them; all share B. */
  private static void check(GpuSession session, Precision precision, Product product) {
    int restarts = 3;
    int sizeA = product.rows() * product.inner() + 5;
    int sizeC = product.rows() * product.columns() + 3;
    Random random = new Random(5);
    double[] a = normals(random, precision, 2 + restarts * sizeA);
    double[] b = normals(random, precision, 1 + product.inner() * product.columns());
    double[] c = normals(random, precision, 4 + restarts * sizeC);
    double[] expected = c.clone();
    for (int restart : new int[] {0, 2}) {
      multiply(precision, product, a, 2 + restart * sizeA, b, expected, 4 + restart * sizeC);
    }
    double[] found =
        session.ask(() -> {
          GpuDevice device = session.device();
          try (NativeNumbers flags = NativeNumbers.ofInts(restarts);
              NativeNumbers read = NativeNumbers.ofReals(precision, c.length);
              GpuBuffer idle = device.allocate(flags.segment().byteSize());
              GpuBuffer left = filled(device, precision, a);
              GpuBuffer right = filled(device, precision, b);
              GpuBuffer to = filled(device, precision, c);
              BatchedGemm gemm = new OwnGemm(session, precision, idle)) {
            flags.add(new double[] {0, 1, 0});
            device.upload(idle, flags.segment());
            gemm.prepare(product);
            gemm.multiply(
                product,
                restarts,
                new Operand(left, 2, sizeA),
                new Operand(right, 1, 0),
                new Operand(to, 4, sizeC));
            device.download(to, read.segment());
            return read.reals(0, c.length);
          }
        });
    assertArrayEquals(expected, found, precision + " " + product);
  }

  private static GpuBuffer filled(GpuDevice device, Precision precision, double[] content) {
    try (NativeNumbers sent = NativeNumbers.ofReals(precision, content.length)) {
      sent.add(content);
      GpuBuffer buffer = device.allocate(sent.segment().byteSize());
      device.upload(buffer, sent.segment());
      return buffer;
    }
  }

  private static double[] normals(Random random, Precision precision, int count) {
    double[] normals = new double[count];
    for (int i = 0; i < count; i++) {
      normals[i] =
          precision == Precision.SINGLE ? (float) random.nextGaussian() : random.nextGaussian();
    }
    return normals;
  }

  private static void multiply(
      Precision precision, Product product, double[] a, int fromA, double[] b, double[] c, int to) {
    for (int i = 0; i < product.rows(); i++) {
      for (int j = 0; j < product.columns(); j++) {
        int at = to + i * product.columns() + j;
        double sum = product.accumulates() ? c[at] : 0;
        for (int k = 0; k < product.inner(); k++) {
          int left = product.transposesA() ? k * product.rows() + i : i * product.inner() + k;
          int right = product.transposesB() ? j * product.inner() + k : k * product.columns() + j;
          double x = a[fromA + left];
          double y = b[1 + right];
          sum =
              precision == Precision.SINGLE
                  ? Math.fma((float) x, (float) y, (float) sum)
                  : Math.fma(x, y, sum);
        }
        c[at] = sum;
      }
    }
  }
}
