package org.basinsim.backend.gpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.stream.Stream;
import org.basinsim.backend.Backend;
import org.basinsim.backend.BackendUnavailable;
import org.basinsim.backend.Trainer;
import org.basinsim.backend.WorkSizing;
import org.basinsim.backend.gpu.FaultyDevice.Call;
import org.basinsim.backend.gpu.opencl.PresentOpenCl;
import org.basinsim.backend.reference.ReferenceBackend;
import org.basinsim.model.Column;
import org.basinsim.model.Experiment;
import org.basinsim.model.Outcome;
import org.basinsim.model.Precision;
import org.basinsim.model.RestartRange;
import org.basinsim.model.deep.Activation;
import org.basinsim.model.deep.Architecture;
import org.basinsim.model.deep.DeepExperiment;
import org.basinsim.model.deep.DeepExperiments;
import org.basinsim.model.deep.DeepNetwork;
import org.basinsim.model.deep.Recorded;
import org.basinsim.model.deep.StepSize;
import org.basinsim.model.deep.Varies;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Over-parameterized networks on an OpenCL device: the reference's numbers, and the same bytes
 * however it works.
 */
class DeepKernelTest {
  private static final WorkSizing AUTOMATIC = new WorkSizing(1, 0, 0);
  private static final ReferenceBackend REFERENCE = new ReferenceBackend();

  /** Beyond {@link DeepPlan#FUSED_WIDTH}, and no multiple of a tile or a vector. */
  private static final int WIDE = 67;

  private static final int NARROW = 7;

  private static KernelsKept one;

  @BeforeAll
  static void open() {
    one = new KernelsKept(PresentOpenCl.open());
  }

  @AfterAll
  static void close() {
    if (one != null) {
      one.end();
    }
  }

  static Stream<DeepNetwork> networks() {
    return DeepExperiments.networks(NARROW);
  }

  private static GpuBackend backend(GpuDevice device, WorkSizing sizing) {
    return new GpuBackend(List.of(device), sizing);
  }

  private static DeepExperiment cell(DeepNetwork network, int maxSteps) {
    return cell(network, maxSteps, Precision.DOUBLE);
  }

  /** All but the limit of infinite width, which costs seconds and is no device's work. */
  private static DeepExperiment cell(DeepNetwork network, int maxSteps, Precision precision) {
    DeepExperiment all = DeepExperiments.experiment(network, 5, maxSteps, precision);
    Set<Recorded> recorded = EnumSet.copyOf(all.recorded());
    recorded.remove(Recorded.LIMIT);
    return with(all, all.varies(), all.stepSize(), recorded);
  }

  private static DeepExperiment with(
      DeepExperiment like, Varies varies, StepSize stepSize, Set<Recorded> recorded) {
    return new DeepExperiment(
        like.network(),
        like.samples(),
        varies,
        stepSize,
        like.maxSteps(),
        like.rule(),
        recorded,
        like.seed(),
        like.streams(),
        like.precision());
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

  /** An entry is a sum of up to 15 · 67 terms of order one at most, each off by a few roundings. */
  @ParameterizedTest
  @MethodSource("networks")
  void gradientsAreTheReferences(DeepNetwork network) {
    for (int width : new int[] {1, NARROW}) {
      DeepExperiment cell =
          cell(DeepExperiments.network(network.architecture(), network.activation(), width), 1);
      assertArrayEquals(
          REFERENCE.probe().gradient(cell, 3),
          backend(one, AUTOMATIC).probe().gradient(cell, 3),
          1e-13,
          "width " + width);
    }
  }

  /**
   * Twenty steps of half the inverse of the largest eigenvalue do not let an error of 10⁻¹³ grow by
   * more than 10⁴, the kinks of ReLU included.
   */
  @ParameterizedTest
  @MethodSource("networks")
  void twentyStepsAreTheReferences(DeepNetwork network) {
    DeepExperiment cell = cell(network, 1);
    double[][] expected = REFERENCE.probe().trajectory(cell, 2, 20);
    double[][] found = backend(one, AUTOMATIC).probe().trajectory(cell, 2, 20);
    assertEquals(21, found.length);
    for (int t = 0; t <= 20; t++) {
      assertArrayEquals(expected[t], found[t], 1e-9, "step " + t);
    }
  }

  private static List<String> differing(DeepExperiment cell, Backend backend, int count) {
    List<RestartRange> ranges = List.of(new RestartRange(0, 0, count));
    var expected = train(REFERENCE, List.of(cell), ranges).getFirst();
    var found = train(backend, List.of(cell), ranges).getFirst();
    List<String> differing = new ArrayList<>();
    for (long restart = 0; restart < count; restart++) {
      int at = 0;
      for (Column column : cell.columns()) {
        for (int i = 0; i < column.size(); i++, at++) {
          double recorded = ((Number) found.get(restart).get(at)).doubleValue();
          double recomputed = ((Number) expected.get(restart).get(at)).doubleValue();
          if (!column.tolerance().accepts(recorded, recomputed)) {
            differing.add(
                "%s[%d] of %d: %s, not %s"
                    .formatted(column.name(), i, restart, recorded, recomputed));
          }
        }
      }
    }
    return differing;
  }

  /** Whole steps in one kernel. */
  @ParameterizedTest
  @MethodSource("networks")
  void rowsOfNarrowNetworksAreTheReferences(DeepNetwork network) {
    DeepExperiment cell = cell(network, 70);
    assertEquals(List.of(), differing(cell, backend(one, AUTOMATIC), 3));
  }

  /** Launch after launch. */
  @ParameterizedTest
  @EnumSource(Architecture.class)
  void rowsOfWideNetworksAreTheReferences(Architecture architecture) {
    DeepExperiment cell = cell(DeepExperiments.network(architecture, Activation.RELU, WIDE), 20);
    assertEquals(List.of(), differing(cell, backend(one, AUTOMATIC), 2));
  }

  @ParameterizedTest
  @EnumSource(Architecture.class)
  void singlePrecisionIsWithinItsTolerance(Architecture architecture) {
    for (int width : new int[] {NARROW, WIDE}) {
      DeepExperiment cell =
          DeepExperiments.experiment(
              DeepExperiments.network(architecture, Activation.TANH, width),
              5,
              20,
              Precision.SINGLE);
      assertEquals(List.of(), differing(cell, backend(one, AUTOMATIC), 2));
    }
  }

  /** A step so long that restarts diverge ends them here as there, with data shared or not. */
  @ParameterizedTest
  @EnumSource(Varies.class)
  void divergingRestartsAreTheReferences(Varies varies) {
    for (int width : new int[] {NARROW, WIDE}) {
      DeepNetwork network =
          DeepExperiments.network(Architecture.FULLY_CONNECTED, Activation.SOFTPLUS, width);
      DeepExperiment cell =
          with(cell(network, 25), varies, new StepSize(8, false), Set.of(Recorded.LOSS));
      List<RestartRange> ranges = List.of(new RestartRange(0, 0, 5));
      var expected = train(REFERENCE, List.of(cell), ranges).getFirst();
      var found = train(backend(one, AUTOMATIC), List.of(cell), ranges).getFirst();
      boolean diverged = false;
      for (long restart = 0; restart < 5; restart++) {
        // Outcome and steps: what comes of a diverging loss is not comparable.
        assertEquals(
            expected.get(restart).subList(0, 2), found.get(restart).subList(0, 2), "" + restart);
        diverged |= found.get(restart).getFirst().equals(Outcome.DIVERGED.code());
      }
      assertTrue(diverged, "width " + width);
    }
  }

  private static List<RestartRange> cut(int cells, int most, Random random) {
    List<RestartRange> ranges = new ArrayList<>();
    for (int cell = 0; cell < cells; cell++) {
      for (long first = 5; first < 24; ) {
        long count = Math.min(1 + random.nextInt(most), 24 - first);
        ranges.add(new RestartRange(cell, first, count));
        first += count;
      }
    }
    return ranges;
  }

  /** Restarts end at different steps: the rest of a batch must not move what has ended. */
  @Test
  void rowsAreTheSameHoweverTheWorkIsCut() {
    List<DeepExperiment> cells =
        List.of(
            cell(DeepExperiments.network(Architecture.RESNET, Activation.SOFTPLUS, NARROW), 90),
            cell(DeepExperiments.network(Architecture.TWO_LAYER, Activation.RELU, WIDE), 90));
    Random random = new Random(3);
    var expected = train(backend(one, AUTOMATIC), cells, cut(2, 19, random));
    for (int launch : new int[] {1, 7}) {
      var rows = train(backend(one, new WorkSizing(1, launch, 0)), cells, cut(2, 11, random));
      assertTrue(expected.equals(rows), "launch " + launch);
    }
  }

  private static final WorkSizing FOUR_AT_ONCE = new WorkSizing(1, 4, 0);

  private static DeepExperiment narrow() {
    return cell(DeepExperiments.network(Architecture.RESNET, Activation.SOFTPLUS, NARROW), 90);
  }

  /** The third batch ends in the midst of it; what had ended is kept. */
  @Test
  void aFailedLaunchEndsTheTrainingAndTheRestCanBeTrainedLater() {
    List<DeepExperiment> cells = List.of(narrow());
    List<RestartRange> ranges = List.of(new RestartRange(0, 5, 19));
    FaultyDevice counting = new FaultyDevice(one);
    var expected = train(backend(counting, FOUR_AT_ONCE), cells, ranges);
    int midway = counting.calls(Call.LAUNCH) / 2;
    FaultyDevice faulty =
        new FaultyDevice(one)
            .at(
                Call.LAUNCH,
                midway,
                occasion -> {
                  throw occasion.failure("launch refused");
                });
    Kept kept = new Kept(1);
    try (Trainer trainer = backend(faulty, FOUR_AT_ONCE).prepare(cells)) {
      String message =
          assertThrows(BackendUnavailable.class, () -> trainer.train(ranges, kept)).getMessage();
      assertTrue(message.contains("launch refused"), message);
      assertEquals(1, message.lines().count(), message);
    }
    long whole = kept.count();
    assertTrue(4 <= whole && whole < 19 && whole % 4 == 0, "kept " + whole);
    try (Trainer trainer = backend(one, AUTOMATIC).prepare(cells)) {
      trainer.train(kept.missing(ranges), kept);
    }
    assertTrue(expected.equals(kept.rows()), "other columns");
  }

  /** Batches of the device that is lost are taken over, whatever it had done of them. */
  @Test
  void anotherDeviceTakesOverBatches() {
    List<DeepExperiment> cells = List.of(narrow());
    List<RestartRange> ranges = List.of(new RestartRange(0, 5, 19));
    var expected = train(backend(one, AUTOMATIC), cells, ranges);
    KernelsKept another = new KernelsKept(PresentOpenCl.open());
    try {
      FaultyDevice lost =
          new FaultyDevice(one)
              .at(
                  Call.LAUNCH,
                  5,
                  occasion -> {
                    occasion.proceed();
                    throw occasion.failure("context lost");
                  });
      FaultyDevice sound =
          new FaultyDevice(another)
              .at(
                  Call.LAUNCH,
                  1,
                  occasion -> {
                    await(lost);
                    occasion.proceed();
                  });
      Kept kept = new Kept(1);
      try (GpuBackend backend = new GpuBackend(List.of(lost, sound), FOUR_AT_ONCE);
          Trainer trainer = backend.prepare(cells)) {
        trainer.train(ranges, kept);
      }
      assertEquals(List.of(), kept.missing(ranges));
      assertTrue(expected.equals(kept.rows()), "other columns");
      assertEquals(1, kept.notices().size(), kept.notices()::toString);
      assertTrue(kept.notices().getFirst().contains("context lost"), kept.notices()::toString);
    } finally {
      another.end();
    }
  }

  private static void await(FaultyDevice faulty) {
    try {
      faulty.struck().await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** A batch for which there is no memory is halved, and what comes of it is the same. */
  @Test
  void shortMemorySufficesForFewer() {
    List<DeepExperiment> cells = List.of(narrow());
    List<RestartRange> ranges = List.of(new RestartRange(0, 5, 19));
    var expected = train(backend(one, AUTOMATIC), cells, ranges);
    FaultyDevice small =
        new FaultyDevice(one)
            .at(
                Call.ALLOCATE,
                9,
                occasion -> {
                  throw occasion.shortage();
                });
    Kept kept = new Kept(1);
    try (Trainer trainer = backend(small, AUTOMATIC).prepare(cells)) {
      trainer.train(ranges, kept);
    }
    assertTrue(expected.equals(kept.rows()), "other columns");
    assertEquals(1, kept.notices().size(), kept.notices()::toString);
  }

  @Test
  void oneRestartTooLargeIsRefusedWithItsBytes() {
    DeepNetwork network =
        new DeepNetwork(Architecture.FULLY_CONNECTED, 40_000, 2, 10, 1, 1, Activation.RELU, 0.5);
    DeepExperiment cell = DeepExperiments.experiment(network, 1000, 10, Precision.DOUBLE);
    String message =
        assertThrows(BackendUnavailable.class, () -> backend(one, AUTOMATIC).prepare(List.of(cell)))
            .getMessage();
    assertTrue(message.contains("a restart takes") && message.contains("bytes"), message);
  }
}
