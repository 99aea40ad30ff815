package org.basinsim.model.conv;

import java.util.Optional;
import java.util.Set;
import org.basinsim.model.Precision;
import org.basinsim.model.Streams;
import org.basinsim.model.conv.OutcomeRule.Stop;

/**
 * An experiment made without a study file, changed in a word or two from the defaults of study
 * files: population descent in double, step size 0.05, starts and outcome rules of DU18 and BG17.
 */
public final class ConvCell {
  private final ConvOutput output;
  private int stride;
  private Teacher teacher;
  private StartLaw start;
  private Inputs inputs = new Inputs.Gaussian();
  private Oracle oracle = new Oracle.Population();
  private double stepSize = 0.05;
  private int maxSteps = 40_000;
  private double slope;
  private Optimizer optimizer = new Optimizer.Gd();
  private Optional<Noise> noise = Optional.empty();
  private OutcomeRule rule = new OutcomeRule(Stop.VERDICT, 0.05, 0.1, 0.05, 1e-6, 1e-6);
  private Set<Recorded> recorded = Set.of(Recorded.LOSS, Recorded.ANGLE);
  private long seed = 20180715;
  private Streams streams = Streams.INDEPENDENT;
  private Precision precision = Precision.DOUBLE;

  private ConvCell(ConvOutput output, Teacher teacher) {
    this.output = output;
    teacher(teacher);
  }

  /** Learned output weights, a teacher of unit norms and the ratio r. */
  public static ConvCell learned(int k, int p, double ratio) {
    return new ConvCell(ConvOutput.LEARNED, Teacher.ofRatio(k, p, 1, 1, ratio));
  }

  /** Average output, a teacher of unit norm. */
  public static ConvCell average(int k, int p) {
    return new ConvCell(ConvOutput.AVERAGE, Teacher.average(k, p, 1));
  }

  /** Another teacher, and the start that the papers pair with it. */
  public ConvCell teacher(Teacher other) {
    this.teacher = other;
    double radius = StartLaw.paperRadius(other);
    return start(new StartLaw(StartLaw.Filter.SPHERE, StartLaw.Output.BALL, radius, false));
  }

  /** Patches that overlap: another stride below the patch size. */
  public ConvCell stride(int other) {
    this.stride = other;
    return this;
  }

  /** Another law of the start. */
  public ConvCell start(StartLaw law) {
    this.start = law;
    return this;
  }

  /** All four signs of a start, one after the other. */
  public ConvCell quadruple() {
    return start(new StartLaw(start.filter(), start.output(), start.outputRadius(), true));
  }

  /** Fresh batches, of which only what student and teacher see is drawn. */
  public ConvCell projected(int batch) {
    return oracle(new Oracle.Online(true, batch, 1));
  }

  /** Fresh batches, drawn as they are for {@code share} restarts together. */
  public ConvCell direct(int batch, int share) {
    return oracle(new Oracle.Online(false, batch, share));
  }

  /** Data sets of Gaussian inputs. */
  public ConvCell empirical(int samples, int dataSets) {
    return oracle(new Oracle.Empirical(samples, dataSets));
  }

  /** Another source of inputs. */
  public ConvCell inputs(Inputs other) {
    this.inputs = other;
    return this;
  }

  /** Another source of gradients. */
  public ConvCell oracle(Oracle other) {
    this.oracle = other;
    return this;
  }

  /** Another step size η. */
  public ConvCell stepSize(double eta) {
    this.stepSize = eta;
    return this;
  }

  /** Another step budget. */
  public ConvCell maxSteps(int budget) {
    this.maxSteps = budget;
    return this;
  }

  /** Leaky ReLU of this slope below zero. */
  public ConvCell slope(double other) {
    this.slope = other;
    return this;
  }

  /** Another way from gradients to steps. */
  public ConvCell optimizer(Optimizer other) {
    this.optimizer = other;
    return this;
  }

  /** Gradients at perturbed points; goes with nearness, not with a verdict. */
  public ConvCell noise(Noise other) {
    this.noise = Optional.of(other);
    return this;
  }

  /** Wait for nearness instead of a verdict, and call this near. */
  public ConvCell near(double angle, double outputOrDistance) {
    return rule(
        new OutcomeRule(
            Stop.ACCURACY,
            angle,
            outputOrDistance,
            outputOrDistance,
            rule.loss(),
            rule.gradient()));
  }

  /**
   * Nothing short of arrival to the last bit is an outcome; budget and divergence end a restart.
   */
  public ConvCell endless() {
    return rule(new OutcomeRule(Stop.ACCURACY, 0, 0, 0, 0, 0));
  }

  /** Another rule of what counts as what. */
  public ConvCell rule(OutcomeRule other) {
    this.rule = other;
    return this;
  }

  /** These quantities beside outcome and steps. */
  public ConvCell record(Recorded... quantities) {
    this.recorded = Set.of(quantities);
    return this;
  }

  /** Every quantity there is. */
  public ConvCell recordAll() {
    return record(Recorded.values());
  }

  /** Another seed. */
  public ConvCell seed(long other) {
    this.seed = other;
    return this;
  }

  /** Whether cells share randomness. */
  public ConvCell streams(Streams other) {
    this.streams = other;
    return this;
  }

  /** Another type to carry the descent out in. */
  public ConvCell precision(Precision other) {
    this.precision = other;
    return this;
  }

  /** The experiment. */
  public ConvExperiment build() {
    return new ConvExperiment(
        new Network(output, stride == 0 ? teacher.patchSize() : stride, slope),
        teacher,
        start,
        inputs,
        oracle,
        new Descent(stepSize, maxSteps, optimizer, noise),
        rule,
        recorded,
        seed,
        streams,
        precision);
  }
}
