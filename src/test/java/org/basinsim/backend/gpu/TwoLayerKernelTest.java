package org.basinsim.backend.gpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;
import org.basinsim.backend.Backend;
import org.basinsim.backend.BackendUnavailable;
import org.basinsim.backend.Trainer;
import org.basinsim.backend.WorkSizing;
import org.basinsim.backend.gpu.GpuDescription.Kind;
import org.basinsim.backend.gpu.GpuSystem.Use;
import org.basinsim.backend.gpu.opencl.OpenClPlatform;
import org.basinsim.backend.gpu.opencl.PresentOpenCl;
import org.basinsim.backend.reference.ReferenceBackend;
import org.basinsim.model.Column;
import org.basinsim.model.Experiment;
import org.basinsim.model.RestartRange;
import org.basinsim.model.Streams;
import org.basinsim.model.conv.ConvCell;
import org.basinsim.model.twolayer.Recorded;
import org.basinsim.model.twolayer.TwoLayerExperiment;
import org.basinsim.model.twolayer.TwoLayerRule;
import org.basinsim.random.Philox;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Two layers on an OpenCL device: the reference's numbers, and the same bytes however it works. */
class TwoLayerKernelTest {
  private static final WorkSizing AUTOMATIC = new WorkSizing(1, 0, 0);
  private static final ReferenceBackend REFERENCE = new ReferenceBackend();

  /** So soon that of 7 students of 5 teachers some end each way. */
  private static final TwoLayerRule SOON = new TwoLayerRule(0.02, 0.12);

  private static KernelsKept one;
  private static KernelsKept asGpu;

  @BeforeAll
  static void open() {
    one = new KernelsKept(PresentOpenCl.open());
    asGpu = new KernelsKept(OpenClPlatform.open(0, Kind.GPU));
  }

  @AfterAll
  static void close() {
    if (asGpu != null) {
      one.end();
      asGpu.end();
    }
  }

  private static TwoLayerExperiment cell(int k, int n, double stepSize, int maxSteps) {
    return new TwoLayerExperiment(
        k, n, stepSize, maxSteps, SOON, EnumSet.allOf(Recorded.class), 11, Streams.INDEPENDENT);
  }

  private static GpuBackend backend(KernelsKept device, WorkSizing sizing) {
    return new GpuBackend(List.of(device), sizing);
  }

  private static List<SortedMap<Long, List<Object>>> train(
      Backend backend, List<? extends Experiment> cells, List<RestartRange> ranges) {
    Kept kept = new Kept(cells.size());
    try (Trainer trainer = backend.prepare(cells)) {
      trainer.train(ranges, kept);
    }
    assertEquals(List.of(), kept.missing(ranges));
    return kept.rows();
  }

  private static List<SortedMap<Long, List<Object>>> train(
      Backend backend, TwoLayerExperiment cell, int count) {
    return train(backend, List.of(cell), List.of(new RestartRange(0, 0, count)));
  }

  /** A sum of n + k terms of order one, each off by a few roundings. */
  @Test
  void gradientsAreTheReferences() {
    TwoLayerExperiment cell = cell(5, 7, 0.1, 1);
    for (long restart : new long[] {0, 3, Philox.LAST_STREAM}) {
      assertArrayEquals(
          REFERENCE.probe().gradient(cell, restart),
          backend(one, AUTOMATIC).probe().gradient(cell, restart),
          1e-15 * (5 + 7));
    }
  }

  /**
   * A step adds 10⁻¹⁶ (n + k) to a coordinate; the curvature is not below −1, so that 50 steps of
   * 0.1 let this grow by e⁵ at most: 50 · 12 · 10⁻¹⁶ · e⁵ = 10⁻¹¹.
   */
  @Test
  void fiftyStepsAreTheReferences() {
    TwoLayerExperiment cell = cell(5, 7, 0.1, 1);
    for (long restart : new long[] {1, (1L << 33) + 5}) {
      double[][] expected = REFERENCE.probe().trajectory(cell, restart, 50);
      double[][] found = backend(one, AUTOMATIC).probe().trajectory(cell, restart, 50);
      assertEquals(51, found.length);
      for (int t = 0; t <= 50; t++) {
        assertArrayEquals(expected[t], found[t], 1e-11, "step " + t);
      }
    }
  }

  /** Restart by restart, each column within the tolerance that it states. */
  @ParameterizedTest
  @CsvSource({
    "5, 7, 0.1, 150, 0 1 2",
    "5, 7, 30, 300, 3",
    "1, 1, 0.1, 40, 0 1 2",
    "4, 2, 0.1, 300, 2"
  })
  void restartsEndAsTheReferences(int k, int n, double stepSize, int maxSteps, String ends) {
    TwoLayerExperiment cell = cell(k, n, stepSize, maxSteps);
    int count = 40;
    var expected = train(REFERENCE, cell, count).getFirst();
    var found = train(backend(one, AUTOMATIC), cell, count).getFirst();
    List<Column> columns = cell.columns();
    List<String> differing = new ArrayList<>();
    Set<String> outcomes = new TreeSet<>();
    for (long restart = 0; restart < count; restart++) {
      outcomes.add(found.get(restart).getFirst().toString());
      for (int i = 0; i < columns.size(); i++) {
        double recorded = ((Number) found.get(restart).get(i)).doubleValue();
        double recomputed = ((Number) expected.get(restart).get(i)).doubleValue();
        if (!columns.get(i).tolerance().accepts(recorded, recomputed)) {
          differing.add(
              columns.get(i).name() + " " + restart + ": " + recorded + ", not " + recomputed);
        }
      }
    }
    assertEquals(List.of(), differing);
    assertEquals(ends, String.join(" ", outcomes));
  }

  /** Two cells of one plan, and between them one of another system, which has its own launches. */
  private static List<Experiment> cells() {
    return List.of(
        cell(5, 7, 0.1, 100), ConvCell.learned(2, 3, 1).maxSteps(50).build(), cell(5, 7, 0.3, 60));
  }

  private static List<RestartRange> cut(int most, Random random) {
    List<RestartRange> ranges = new ArrayList<>();
    for (int cell = 0; cell < 3; cell++) {
      for (long first = 5; first < 72; ) {
        long count = Math.min(1 + random.nextInt(most), 72 - first);
        ranges.add(new RestartRange(cell, first, count));
        first += count;
      }
    }
    Collections.shuffle(ranges, random);
    return ranges;
  }

  @Test
  void rowsAreTheSameHoweverTheWorkIsCut() {
    Random random = new Random(3);
    var expected = train(backend(one, AUTOMATIC), cells(), cut(67, random));
    assertTrue(!expected.get(0).equals(expected.get(2)));
    for (int launch : new int[] {1, 7, 4096}) {
      var rows = train(backend(one, new WorkSizing(1, launch, 0)), cells(), cut(40, random));
      assertTrue(expected.equals(rows), "launch " + launch);
    }
    List<RestartRange> alone = List.of(new RestartRange(0, 5, 67));
    var rows = train(backend(one, AUTOMATIC), List.of(cells().get(2)), alone);
    assertTrue(expected.get(2).equals(rows.getFirst()), "a cell alone");
    // A restart a work-item, in groups.
    rows = train(backend(asGpu, new WorkSizing(1, 0, 48)), List.of(cells().get(2)), alone);
    assertTrue(expected.get(2).equals(rows.getFirst()), "groups of 48");
  }

  @Test
  void whatNoDeviceHasRoomForIsRefused() {
    GpuDescription device = asGpu.describe();
    GpuSystem.Prepared large =
        new TwoLayerSystem().prepare(cell(200, 200, 0.1, 1), device, AUTOMATIC).orElseThrow();
    String message =
        assertThrows(BackendUnavailable.class, () -> large.plan(Use.TRAIN, 0)).getMessage();
    assertTrue(message.contains("teachers = 200"), message);
    double[][] starts = {{0, 0, 0}};
    assertThrows(
        IllegalArgumentException.class,
        () -> backend(one, AUTOMATIC).probe().verdicts(cell(5, 7, 0.1, 1), starts));
  }
}
