package org.basinsim.backend.gpu;

import java.util.List;
import org.basinsim.data.DataSets;
import org.basinsim.model.Outcome;
import org.basinsim.model.conv.Activation;
import org.basinsim.model.conv.ConvExperiment;
import org.basinsim.model.conv.LearnedReduction;
import org.basinsim.model.conv.Noise;
import org.basinsim.model.conv.Oracle;
import org.basinsim.model.conv.OutcomeRule;
import org.basinsim.model.conv.Teacher;

/**
 * Writes what kernels read of a cell: {@code conv_cell} and the integers of a cell, the teacher's
 * vectors, the data sets.
 */
final class ConvCells {
  private static final int INTS = 11;

  /** Beside them, with noise. */
  private static final int NOISE_INTS = 2;

  /** Of every cell, and of one with leaky ReLU. */
  private static final int REALS = 20;

  private static final int SLOPE_REALS = 3;

  /** Numbers of an epoch. */
  private static final int EPOCH = 3;

  private static final double NEVER = -1;

  /** As a factor: the loss or the norm that it bounds may be 0, and so may what it multiplies. */
  private static final double NO_BOUND = Double.NaN;

  private final boolean specialized;
  private final int budget;
  private final boolean endless;
  private final NativeNumbers ints;
  private final NativeNumbers reals;
  private final NativeNumbers vectors;
  private final NativeNumbers data;

  /**
   * @param budget steps after which every restart ends, and no rule ends it before; 0 leaves that
   *     to the experiments
   */
  ConvCells(CellNumbers to, LaunchPlan plan, int budget) {
    this.specialized = ConvForm.of(plan).specialized();
    this.budget = budget;
    this.endless = budget > 0;
    this.ints = to.ints();
    this.reals = to.reals();
    this.vectors = to.vectors();
    this.data = to.data();
  }

  /** Room for a cell. */
  static CellNumbers.Room room(ConvExperiment e, LaunchPlan plan) {
    long sets = 0;
    long inputs = 0;
    if (e.oracle() instanceof Oracle.Empirical of) {
      sets = of.dataSets();
      inputs = sets * of.samples() * e.inputSize();
    }
    long vectors =
        ConvForm.of(plan).specialized()
            ? 2L * e.patchSize() + 4L * e.patches() + sets
            : e.patchSize();
    if (e.noisy()) {
      vectors += EPOCH * e.descent().noise().orElseThrow().epochs(e.maxSteps());
    }
    int ints = e.noisy() ? INTS + NOISE_INTS : INTS;
    int slope = e.network().slope() == 0 ? 0 : SLOPE_REALS;
    int optimizer = ConvPlans.optimizer(e).numbers().length;
    return new CellNumbers.Room(ints, REALS + slope + optimizer, vectors, inputs);
  }

  /** Writes a cell. */
  void add(ConvExperiment e) {
    Teacher teacher = e.teacher();
    long key = e.key();
    boolean empirical = e.oracle() instanceof Oracle.Empirical;
    ints.add((int) key);
    ints.add((int) (key >>> 32));
    ints.add(e.patchSize());
    ints.add(e.patches());
    ints.add(endless ? budget : e.maxSteps());
    ints.add(ConvPlans.batch(e));
    ints.add(Math.toIntExact(vectors.size()));
    ints.add(e.oracle() instanceof Oracle.Online online ? online.share() : 1);
    ints.add(e.oracle() instanceof Oracle.Empirical of ? of.dataSets() : 1);
    ints.add((int) data.size());
    ints.add((int) (data.size() >>> 32));
    e.descent().noise().ifPresent(noise -> addEpochs(noise.epoch(), noise.epochs(e.maxSteps())));
    addReals(e);
    vectors.add(teacher.unitFilter());
    e.descent().noise().ifPresent(noise -> addSchedule(noise.schedule(e.stepSize(), e.maxSteps())));
    if (specialized) {
      vectors.add(teacher.filter());
      vectors.add(teacher.output());
      vectors.add(teacher.scaledOutput());
      vectors.add(teacher.meanAxis());
      vectors.add(teacher.contrastAxis());
    }
    if (empirical) {
      addData(e);
    }
  }

  private void addEpochs(int steps, long epochs) {
    ints.add(steps);
    ints.add(Math.toIntExact(epochs));
  }

  private void addSchedule(List<Noise.Epoch> schedule) {
    for (Noise.Epoch epoch : schedule) {
      vectors.add(epoch.stepSize() / (2 * Math.PI));
      vectors.add(epoch.filter());
      vectors.add(epoch.output());
    }
  }

  /** In the order of conv_cell. */
  private void addReals(ConvExperiment e) {
    Teacher teacher = e.teacher();
    OutcomeRule rule = e.rule();
    LearnedReduction reduction = LearnedReduction.of(e);
    double radius = square(rule.output() * reduction.teacherNorm());
    double limit = square(Outcome.DIVERGENCE_NORM);
    reals.add(e.patches());
    reals.add(e.stepSize());
    reals.add(reduction.rate());
    reals.add(teacher.mean());
    reals.add(teacher.contrast());
    reals.add(teacher.squaredOutput());
    reals.add(reduction.spuriousMean());
    reals.add(reduction.spuriousContrast());
    reals.add(reduction.contraction());
    reals.add(reduction.contrastContraction());
    reals.add(reduction.overshoot());
    reals.add(endless ? NEVER : rule.angle());
    reals.add(endless ? NEVER : radius);
    // Where other inputs than Gaussian ones have a spurious minimum is not known.
    boolean spurious = reduction.spuriousIsMinimum() && e.gaussian();
    reals.add(endless || !spurious ? NEVER : radius);
    reals.add(teacher.filterNorm());
    reals.add(endless ? NEVER : square(rule.distance() * teacher.filterNorm()));
    reals.add(endless ? Double.POSITIVE_INFINITY : limit);
    reals.add(e.start().outputRadius());
    reals.add(endless ? NO_BOUND : rule.loss());
    reals.add(endless ? NO_BOUND : rule.gradient());
    Activation activation = e.network().activation();
    if (activation.slope() != 0) {
      reals.add(activation.slope());
      reals.add(activation.bent());
      reals.add(activation.tilt());
    }
    reals.add(ConvPlans.optimizer(e).numbers());
  }

  private static double square(double x) {
    return x * x;
  }

  /** The losses of the zero function, then the inputs. */
  private void addData(ConvExperiment e) {
    DataSets sets = DataSets.of(e);
    int count = ((Oracle.Empirical) e.oracle()).dataSets();
    for (int set = 0; set < count; set++) {
      double[] inputs = sets.inputs(set);
      vectors.add(zeroLoss(e, inputs));
      data.add(inputs);
    }
  }

  private static double zeroLoss(ConvExperiment e, double[] inputs) {
    double[] filter = e.teacher().filter();
    double[] output = e.teacher().output();
    int p = filter.length;
    int k = output.length;
    int d = e.inputSize();
    int samples = inputs.length / d;
    double sum = 0;
    for (int b = 0; b < samples; b++) {
      double label = 0;
      for (int j = 0; j < k; j++) {
        double seen = 0;
        for (int c = 0; c < p; c++) {
          seen += filter[c] * inputs[b * d + j * e.network().stride() + c];
        }
        label += output[j] * e.network().activation(seen);
      }
      sum += label * label;
    }
    return (e.learned() ? 0.5 : 1) * sum / samples;
  }
}
