package org.basinsim.benchmark;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import org.basinsim.model.Precision;
import org.basinsim.model.Streams;
import org.basinsim.model.conv.ConvExperiment;
import org.basinsim.model.conv.ConvOutput;
import org.basinsim.model.conv.Descent;
import org.basinsim.model.conv.Inputs;
import org.basinsim.model.conv.Network;
import org.basinsim.model.conv.Oracle;
import org.basinsim.model.conv.OutcomeRule;
import org.basinsim.model.conv.Recorded;
import org.basinsim.model.conv.StartLaw;
import org.basinsim.model.conv.Teacher;

/**
 * Descent of one kind and size, and what a step of it takes at least. Its restarts spend their
 * whole step budget: no threshold is ever reached.
 *
 * @param experiment what is trained
 * @param flops floating-point operations of a restart-step, a fused multiply-add counting two
 * @param normals standard normals drawn for a restart-step
 */
public record Work(ConvExperiment experiment, double flops, double normals) {
  /** Patch size p, patches k, batch B. */
  private static final int[][] SIZES = {{8, 8, 64}, {16, 16, 128}, {64, 32, 256}};

  private static final int SAMPLES = 1000;

  /** Operations of a restart's descent at first: short enough for the scalar reference. */
  private static final double DESCENT_FLOPS = 2e6;

  /** About what a normal costs. */
  private static final double NORMAL_FLOPS = 100;

  /**
   * Of a step of {@code LearnedReduction} and the look whether it is near a minimum: about 50
   * beside the arctangent's 20.
   */
  private static final double POPULATION_FLOPS = 70;

  /** Of a patch of an input in two dimensions: projection, both passes, four sums. */
  private static final double PROJECTED_FLOPS = 16;

  /** Of a patch around the ReLU, beside the 4p of both passes. */
  private static final double RELU_FLOPS = 7;

  /** Every oracle, sampling and precision, each size that is told apart. */
  public static List<Work> standard() {
    List<Work> works = new ArrayList<>();
    for (Precision precision : Precision.values()) {
      int[][] sizes = precision == Precision.SINGLE ? SIZES : new int[][] {SIZES[1]};
      works.add(population(6, 25, precision));
      for (int[] size : sizes) {
        works.add(projected(size[0], size[1], size[2], precision));
      }
      for (int share : new int[] {1, 64, 1024}) {
        for (int[] size : sizes) {
          works.add(direct(size[0], size[1], size[2], share, precision));
        }
      }
      works.add(empirical(SIZES[1][0], SIZES[1][1], SAMPLES, precision));
    }
    return List.copyOf(works);
  }

  /** The smallest size alone: whether everything works, not how fast it is. */
  public static List<Work> quick() {
    List<Work> works = new ArrayList<>();
    int p = SIZES[0][0];
    int k = SIZES[0][1];
    int batch = SIZES[0][2];
    for (Precision precision : Precision.values()) {
      works.add(population(6, 25, precision));
      works.add(projected(p, k, batch, precision));
      works.add(direct(p, k, batch, 1, precision));
      works.add(direct(p, k, batch, 64, precision));
      works.add(empirical(p, k, SAMPLES, precision));
    }
    return List.copyOf(works);
  }

  /** Descent on the population loss. */
  public static Work population(int p, int k, Precision precision) {
    // Steps so small that after hundreds of thousands descent is still on its way.
    return of(p, k, new Oracle.Population(), precision, 1e-5, POPULATION_FLOPS, 0);
  }

  /** Online descent on what student and teacher see of the inputs: two normals a patch. */
  public static Work projected(int p, int k, int batch, Precision precision) {
    double patches = (double) batch * k;
    Oracle oracle = new Oracle.Online(true, batch, 1);
    return of(p, k, oracle, precision, 0.05, PROJECTED_FLOPS * patches, 2 * patches);
  }

  /** Online descent on inputs that {@code share} restarts have in common. */
  public static Work direct(int p, int k, int batch, int share, Precision precision) {
    double patches = (double) batch * k;
    Oracle oracle = new Oracle.Online(false, batch, share);
    double flops = (4 * p + RELU_FLOPS) * patches;
    return of(p, k, oracle, precision, 0.05, flops, p * patches / share);
  }

  /** Descent of all restarts on one data set; the inputs are read, not drawn. */
  public static Work empirical(int p, int k, int samples, Precision precision) {
    Oracle oracle = new Oracle.Empirical(samples, 1);
    double flops = (4 * p + RELU_FLOPS) * samples * k;
    return of(p, k, oracle, precision, 0.05, flops, 0);
  }

  private static Work of(
      int p,
      int k,
      Oracle oracle,
      Precision precision,
      double stepSize,
      double flops,
      double normals) {
    int steps = (int) Math.clamp(DESCENT_FLOPS / (flops + NORMAL_FLOPS * normals), 10, 100);
    ConvExperiment experiment =
        new ConvExperiment(
            new Network(ConvOutput.LEARNED, p),
            Teacher.ofRatio(k, p, 1, 1, 4),
            new StartLaw(StartLaw.Filter.SPHERE, StartLaw.Output.BALL, 2 / Math.sqrt(k), false),
            new Inputs.Gaussian(),
            oracle,
            new Descent(stepSize, steps),
            new OutcomeRule(OutcomeRule.Stop.ACCURACY, 0, 0, 0, 0, 0),
            EnumSet.of(Recorded.LOSS, Recorded.ANGLE),
            20260,
            Streams.INDEPENDENT,
            precision);
    return new Work(experiment, flops, normals);
  }

  /** The same with another step budget. */
  Work lasting(int steps) {
    ConvExperiment e = experiment;
    return new Work(
        new ConvExperiment(
            e.network(),
            e.teacher(),
            e.start(),
            e.inputs(),
            e.oracle(),
            new Descent(e.stepSize(), steps),
            e.rule(),
            e.recorded(),
            e.seed(),
            e.streams(),
            e.precision()),
        flops,
        normals);
  }

  /** Type of the descent. */
  public Precision precision() {
    return experiment.precision();
  }

  /** {@code projected} or {@code direct}; empty where nothing is sampled a step. */
  public String sampling() {
    return switch (experiment.oracle()) {
      case Oracle.Online online -> online.projected() ? "projected" : "direct";
      case Oracle.Population population -> "";
      case Oracle.Empirical empirical -> "";
    };
  }

  /** Inputs of a step: the batch or the data set; 0 for the population. */
  public int inputs() {
    return switch (experiment.oracle()) {
      case Oracle.Online online -> online.batch();
      case Oracle.Population population -> 0;
      case Oracle.Empirical empirical -> empirical.samples();
    };
  }

  /** Restarts that share a stream of inputs; 1 where none do or all share a data set. */
  public int share() {
    return experiment.oracle() instanceof Oracle.Online online ? online.share() : 1;
  }

  /** In words, such as {@code online direct p16 k16 B128 share 64, single}. */
  @Override
  public String toString() {
    String oracle = experiment.oracle().word() + (sampling().isEmpty() ? "" : " " + sampling());
    String inputs =
        switch (experiment.oracle()) {
          case Oracle.Online online -> " B" + online.batch();
          case Oracle.Population population -> "";
          case Oracle.Empirical empirical -> " N" + empirical.samples();
        };
    return "%s p%d k%d%s%s, %s"
        .formatted(
            oracle,
            experiment.patchSize(),
            experiment.patches(),
            inputs,
            share() == 1 ? "" : " share " + share(),
            precision().word());
  }
}
