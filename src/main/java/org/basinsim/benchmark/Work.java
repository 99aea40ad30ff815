package org.basinsim.benchmark;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.basinsim.model.Experiment;
import org.basinsim.model.Precision;
import org.basinsim.model.Streams;
import org.basinsim.model.conv.ConvCell;
import org.basinsim.model.conv.ConvExperiment;
import org.basinsim.model.conv.ConvOutput;
import org.basinsim.model.conv.Descent;
import org.basinsim.model.conv.Inputs;
import org.basinsim.model.conv.Network;
import org.basinsim.model.conv.Optimizer;
import org.basinsim.model.conv.Oracle;
import org.basinsim.model.conv.OutcomeRule;
import org.basinsim.model.conv.Recorded;
import org.basinsim.model.conv.StartLaw;
import org.basinsim.model.conv.Teacher;
import org.basinsim.model.deep.Activation;
import org.basinsim.model.deep.Architecture;
import org.basinsim.model.deep.DeepExperiment;
import org.basinsim.model.deep.DeepNetwork;
import org.basinsim.model.deep.DeepRule;
import org.basinsim.model.deep.Labels;
import org.basinsim.model.deep.Samples;
import org.basinsim.model.deep.StepSize;
import org.basinsim.model.deep.Varies;
import org.basinsim.model.twolayer.TwoLayerExperiment;
import org.basinsim.model.twolayer.TwoLayerRule;

/**
 * Descent of one kind and size, and what a step of it takes at least. Its restarts spend their
 * whole step budget: no threshold is ever reached.
 *
 * @param experiment what is trained
 * @param flops floating-point operations of a restart-step, a fused multiply-add counting two
 * @param normals standard normals drawn for a restart-step
 */
public record Work(Experiment experiment, double flops, double normals) {
  /** Patch size p, patches k, batch B. */
  private static final int[][] SIZES = {{8, 8, 64}, {16, 16, 128}, {64, 32, 256}};

  private static final int SAMPLES = 1000;
  private static final long SEED = 20260;

  /** Operations of a restart's descent at first: short enough for the scalar reference. */
  private static final double DESCENT_FLOPS = 2e6;

  /** The same for networks of any depth, of which the reference makes a few in a second. */
  private static final int DEEP_STEPS = 2;

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

  /** Of an angle and what is made of it: a root, an arctangent, a quotient. */
  private static final double ANGLE_FLOPS = 50;

  /** Of a weight in Adam: both means, a root and two quotients. */
  private static final double ADAM_FLOPS = 12;

  /** Every system, oracle, sampling and precision, each size that is told apart. */
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
      works.add(adam(SIZES[1][0], SIZES[1][1], SIZES[1][2], 1024, precision));
      works.add(overlap(16, 10, 4, precision));
    }
    works.add(twoLayer(20, 20));
    works.add(deep(64, 3, 64, Precision.SINGLE));
    works.add(deep(256, 3, 64, Precision.SINGLE));
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
    works.add(adam(p, k, batch, 64, Precision.DOUBLE));
    works.add(overlap(5, 3, 2, Precision.SINGLE));
    works.add(twoLayer(6, 6));
    works.add(deep(17, 2, 9, Precision.DOUBLE));
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

  /** Online descent with Adam on inputs that {@code share} restarts have in common. */
  public static Work adam(int p, int k, int batch, int share, Precision precision) {
    Work plain = direct(p, k, batch, share, precision);
    return plain.descending(
        new Descent(
            0.05,
            plain.experiment.maxSteps(),
            new Optimizer.Adam(0.9, 0.999, 1e-8),
            Optional.empty()),
        plain.flops + ADAM_FLOPS * (p + k));
  }

  /** Descent on the population loss of patches that overlap. */
  public static Work overlap(int p, int k, int stride, Precision precision) {
    // Of the filter and itself at shifts one way, of it and the teacher's at shifts both ways.
    int shifts = 3 * ((p - 1) / stride) + 1;
    // A shift: lengths of sum and difference, and its part of the gradient.
    double flops = shifts * (8 * p + ANGLE_FLOPS);
    ConvCell cell =
        ConvCell.average(k, p)
            .stride(stride)
            .stepSize(1e-5)
            .maxSteps(steps(flops, 0))
            .endless()
            .seed(SEED)
            .precision(precision);
    return new Work(cell.build(), flops, 0);
  }

  /** Descent on the population loss of n students and k orthogonal teachers. */
  public static Work twoLayer(int teachers, int students) {
    double pairs = students * ((students - 1) / 2.0 + teachers);
    // Lengths and products of students, an angle a pair, M W.
    double flops =
        2.0 * teachers * students * students + pairs * ANGLE_FLOPS + students * students * teachers;
    // No loss is below 0, and no gradient is 0.
    TwoLayerRule rule = new TwoLayerRule(0, 0);
    return new Work(
        new TwoLayerExperiment(
            teachers,
            students,
            1e-5,
            steps(flops, 0),
            rule,
            Set.of(org.basinsim.model.twolayer.Recorded.LOSS),
            SEED,
            Streams.INDEPENDENT),
        flops,
        0);
  }

  /**
   * Full-batch descent of a fully-connected network, as many inputs of 20 numbers as samples.
   *
   * @param width m
   * @param depth H
   * @param samples n
   */
  public static Work deep(int width, int depth, int samples, Precision precision) {
    DeepNetwork network =
        new DeepNetwork(
            Architecture.FULLY_CONNECTED, width, depth, 20, 1, 1, Activation.SOFTPLUS, 0.5);
    double weights = 0;
    for (int h = 1; h <= depth; h++) {
      // Forward, the step, and, but for the first layer, back.
      weights += (h == 1 ? 2.0 : 3.0) * network.weights(h);
    }
    DeepExperiment experiment =
        new DeepExperiment(
            network,
            new Samples.Sphere(samples, Labels.NORMAL),
            Varies.BOTH,
            new StepSize(1e-6, false),
            DEEP_STEPS,
            new DeepRule(Double.MIN_NORMAL),
            Set.of(org.basinsim.model.deep.Recorded.LOSS),
            SEED,
            Streams.INDEPENDENT,
            precision);
    return new Work(experiment, 2 * samples * weights, 0);
  }

  private static Work of(
      int p,
      int k,
      Oracle oracle,
      Precision precision,
      double stepSize,
      double flops,
      double normals) {
    ConvExperiment experiment =
        new ConvExperiment(
            new Network(ConvOutput.LEARNED, p),
            Teacher.ofRatio(k, p, 1, 1, 4),
            new StartLaw(StartLaw.Filter.SPHERE, StartLaw.Output.BALL, 2 / Math.sqrt(k), false),
            new Inputs.Gaussian(),
            oracle,
            new Descent(stepSize, steps(flops, normals)),
            new OutcomeRule(OutcomeRule.Stop.ACCURACY, 0, 0, 0, 0, 0),
            EnumSet.of(Recorded.LOSS, Recorded.ANGLE),
            SEED,
            Streams.INDEPENDENT,
            precision);
    return new Work(experiment, flops, normals);
  }

  private static int steps(double flops, double normals) {
    return (int) Math.clamp(DESCENT_FLOPS / (flops + NORMAL_FLOPS * normals), 10, 100);
  }

  /** The same with another step budget. */
  Work lasting(int steps) {
    return switch (experiment) {
      case ConvExperiment e ->
          descending(
              new Descent(e.stepSize(), steps, e.descent().optimizer(), e.descent().noise()),
              flops);
      case TwoLayerExperiment e ->
          new Work(
              new TwoLayerExperiment(
                  e.teachers(),
                  e.students(),
                  e.stepSize(),
                  steps,
                  e.rule(),
                  e.recorded(),
                  e.seed(),
                  e.streams()),
              flops,
              normals);
      case DeepExperiment e ->
          new Work(
              new DeepExperiment(
                  e.network(),
                  e.samples(),
                  e.varies(),
                  e.stepSize(),
                  steps,
                  e.rule(),
                  e.recorded(),
                  e.seed(),
                  e.streams(),
                  e.precision()),
              flops,
              normals);
      default -> throw new IllegalStateException("no work is " + experiment);
    };
  }

  private Work descending(Descent descent, double most) {
    ConvExperiment e = conv().orElseThrow();
    return new Work(
        new ConvExperiment(
            e.network(),
            e.teacher(),
            e.start(),
            e.inputs(),
            e.oracle(),
            descent,
            e.rule(),
            e.recorded(),
            e.seed(),
            e.streams(),
            e.precision()),
        most,
        normals);
  }

  /** The experiment, where it is of the convolutional network. */
  public Optional<ConvExperiment> conv() {
    return experiment instanceof ConvExperiment conv ? Optional.of(conv) : Optional.empty();
  }

  /** The kind of system, as studies have it. */
  public String system() {
    return experiment.mathematics().get("system.kind");
  }

  /** Where gradients come from, as studies have it. */
  public String oracle() {
    String others = experiment instanceof DeepExperiment ? "empirical" : "population";
    return conv().map(conv -> conv.oracle().word()).orElse(others);
  }

  /** What else tells this work from others, such as {@code adam}; mostly empty. */
  public String options() {
    return switch (experiment) {
      case ConvExperiment e when e.overlaps() -> "stride " + e.network().stride();
      case ConvExperiment e when !(e.descent().optimizer() instanceof Optimizer.Gd) ->
          e.descent().optimizer().word();
      case TwoLayerExperiment e -> "k%d n%d".formatted(e.teachers(), e.students());
      case DeepExperiment e -> "m%d H%d".formatted(e.network().width(), e.network().depth());
      default -> "";
    };
  }

  /** Type of the descent. */
  public Precision precision() {
    return experiment.precision();
  }

  /** {@code projected} or {@code direct}; empty where nothing is sampled a step. */
  public String sampling() {
    return online().map(online -> online.projected() ? "projected" : "direct").orElse("");
  }

  /** Inputs of a step: the batch or the data set; 0 for the population. */
  public int inputs() {
    if (experiment instanceof DeepExperiment deep) {
      return deep.samples().count();
    }
    boolean empirical = conv().isPresent() && conv().get().oracle() instanceof Oracle.Empirical;
    return empirical ? SAMPLES : online().map(Oracle.Online::batch).orElse(0);
  }

  /** Restarts that share a stream of inputs; 1 where none do or all share a data set. */
  public int share() {
    return online().map(Oracle.Online::share).orElse(1);
  }

  private Optional<Oracle.Online> online() {
    return conv()
        .map(ConvExperiment::oracle)
        .flatMap(oracle ->
            oracle instanceof Oracle.Online online ? Optional.of(online) : Optional.empty());
  }

  /** In words, such as {@code online direct p16 k16 B128 share 64, single}. */
  @Override
  public String toString() {
    List<String> words = new ArrayList<>();
    words.add(conv().isPresent() ? oracle() : system() + " " + oracle());
    words.add(sampling());
    conv().ifPresent(conv -> words.add("p%d k%d".formatted(conv.patchSize(), conv.patches())));
    words.add(inputs() == 0 ? "" : (online().isPresent() ? "B" : "N") + inputs());
    words.add(share() == 1 ? "" : "share " + share());
    words.add(options());
    words.removeIf(String::isEmpty);
    return String.join(" ", words) + ", " + precision().word();
  }
}
