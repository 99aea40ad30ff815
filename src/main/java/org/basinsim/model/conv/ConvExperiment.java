package org.basinsim.model.conv;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.basinsim.model.Clustering;
import org.basinsim.model.Column;
import org.basinsim.model.Experiment;
import org.basinsim.model.Outcome;
import org.basinsim.model.Precision;
import org.basinsim.model.Streams;
import org.basinsim.model.TrajectorySteps;

/**
 * One cell of a study of the convolutional network.
 *
 * @param network learned output goes with weight normalization, average without
 * @param teacher fixes k and p
 * @param start law of the start
 * @param inputs where inputs come from; no data set but with the empirical oracle
 * @param oracle where gradients come from
 * @param descent what is done with them
 * @param rule when a restart counts as what
 * @param recorded what is recorded beside outcome and steps
 * @param seed of the study
 * @param streams whether cells share randomness
 * @param precision type the descent is carried out in
 */
public record ConvExperiment(
    Network network,
    Teacher teacher,
    StartLaw start,
    Inputs inputs,
    Oracle oracle,
    Descent descent,
    OutcomeRule rule,
    Set<Recorded> recorded,
    long seed,
    Streams streams,
    Precision precision)
    implements Experiment {

  public ConvExperiment {
    recorded = Set.copyOf(recorded);
    if (start.quadruple() && oracle instanceof Oracle.Empirical) {
      throw new IllegalArgumentException("the four of a quadruple would see different data sets");
    }
    if (network.stride() > teacher.patchSize()) {
      throw new IllegalArgumentException("gaps between patches: stride " + network.stride());
    }
    boolean projected = oracle instanceof Oracle.Online online && online.projected();
    if (network.stride() < teacher.patchSize()
        && (network.output() == ConvOutput.LEARNED || projected)) {
      throw new IllegalArgumentException(
          "patches overlap with average output and whole inputs alone");
    }
    if (!(descent.optimizer() instanceof Optimizer.Gd) && !oracle.drawsInputs()) {
      throw new IllegalArgumentException("reduced coordinates keep to plain steps");
    }
    boolean given = inputs instanceof Inputs.File || inputs instanceof Inputs.SetSplitting;
    if (given && !(oracle instanceof Oracle.Empirical)) {
      throw new IllegalArgumentException("inputs for data sets alone");
    }
    if (!(inputs instanceof Inputs.Gaussian) && !oracle.drawsInputs()) {
      throw new IllegalArgumentException("closed forms are of Gaussian inputs");
    }
    if (descent.noise().isPresent()) {
      requireRestless(network, oracle, rule);
      descent.noise().orElseThrow().requireTable(descent.maxSteps());
    }
    if (inputs instanceof Inputs.SetSplitting && network.slope() != 0) {
      throw new IllegalArgumentException("the planted teacher solves set splitting with ReLU");
    }
  }

  private static void requireRestless(Network network, Oracle oracle, OutcomeRule rule) {
    if (!(oracle instanceof Oracle.Population)
        || network.output() != ConvOutput.LEARNED
        || network.slope() != 0) {
      throw new IllegalArgumentException(
          "noise with the population of ReLU and learned output alone");
    }
    if (rule.stop() == OutcomeRule.Stop.VERDICT) {
      throw new IllegalArgumentException("noise leaves no verdict certain");
    }
  }

  /** Number of patches, k. */
  public int patches() {
    return teacher.patches();
  }

  /** Inputs of a patch, p. */
  public int patchSize() {
    return teacher.patchSize();
  }

  /** Whether neighbouring patches have inputs in common. */
  public boolean overlaps() {
    return network.stride() < patchSize();
  }

  /** Numbers in an input, (k − 1)·stride + p; patch j begins at number j·stride. */
  public int inputSize() {
    return Math.addExact(Math.multiplyExact(patches() - 1, network.stride()), patchSize());
  }

  /**
   * Numbers of an input that correlated inputs make one sequence of: those of a patch, or all where
   * patches overlap.
   */
  public int sequenceSize() {
    return overlaps() ? inputSize() : patchSize();
  }

  /** Whether the output weights are learned. */
  public boolean learned() {
    return network.output() == ConvOutput.LEARNED;
  }

  /** Step size η. */
  public double stepSize() {
    return descent.stepSize();
  }

  /** Whether gradients are taken at perturbed points. */
  public boolean noisy() {
    return descent.noise().isPresent();
  }

  @Override
  public int maxSteps() {
    return descent.maxSteps();
  }

  /** Whether this is wanted in the results. */
  public boolean records(Recorded quantity) {
    return recorded.contains(quantity);
  }

  /** The stream of a restart's start: one for all four of a quadruple. */
  public long startStream(long restart) {
    return start.quadruple() ? restart / 4 : restart;
  }

  /** The stream of an online restart's inputs. */
  public long inputStream(long restart) {
    return oracle instanceof Oracle.Online online ? restart / online.share() : restart;
  }

  /** The data set of an empirical restart, 0 for other oracles. */
  public int dataSet(long restart) {
    return oracle instanceof Oracle.Empirical e ? (int) (restart % e.dataSets()) : 0;
  }

  @Override
  public Map<String, String> mathematics() {
    Map<String, String> keys = new LinkedHashMap<>();
    keys.put("system.kind", "conv");
    keys.put("system.patches", Integer.toString(patches()));
    keys.put("system.patch_size", Integer.toString(patchSize()));
    if (overlaps()) {
      keys.put("system.stride", Integer.toString(network.stride()));
    }
    keys.put("system.output", network.output().word());
    putActivation(keys);
    teacher.mathematics().entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .forEach(entry -> keys.put(entry.getKey(), entry.getValue()));
    if (shortcut()) {
      keys.put("system.shortcut", "true");
    } else {
      keys.put("start.filter", start.filter().word());
    }
    if (learned()) {
      keys.put("start.output", start.output().word());
      if (start.output() != StartLaw.Output.ZERO) {
        keys.put("start.output_radius", Double.toString(start.outputRadius()));
      }
    }
    keys.put("start.signs", start.quadruple() ? "quadruple" : "one");
    keys.put("start.sampling", "random");
    putOracle(keys);
    keys.putAll(descent.optimizer().mathematics());
    keys.put("descent.step_size", Double.toString(stepSize()));
    keys.put("descent.max_steps", Integer.toString(maxSteps()));
    descent.noise().ifPresent(noise -> keys.putAll(noise.mathematics()));
    putRule(keys);
    keys.put("restarts.streams", streams.word());
    return keys;
  }

  /**
   * Whether inputs tell of the Gaussian population, whose closed forms say how good a student is
   * there and where its spurious minimum lies. What a file holds is taken to.
   */
  public boolean gaussian() {
    return inputs instanceof Inputs.Gaussian || inputs instanceof Inputs.File;
  }

  /** Whether the loss of a state is known: a data set's own, or the population's closed form. */
  boolean hasLoss() {
    return gaussian() || oracle instanceof Oracle.Empirical;
  }

  /**
   * What nearness to a minimum establishes for a restart of the online oracle. The spurious one is
   * that of Gaussian inputs; where others have theirs is not known.
   */
  public Outcome near(LearnedReduction learned, Average average, ConvState state) {
    Outcome near = learned() ? rule.near(learned, state) : rule.near(average, state);
    return near == Outcome.SPURIOUS && !gaussian() ? Outcome.UNDECIDED : near;
  }

  private boolean shortcut() {
    return start.filter() == StartLaw.Filter.SHORTCUT;
  }

  /** Whether finding the teacher means anything: set splitting asks for any solution. */
  boolean seeksTeacher() {
    return !(inputs instanceof Inputs.SetSplitting);
  }

  private void putActivation(Map<String, String> keys) {
    keys.put("system.activation", network.slope() == 0 ? "relu" : "leaky-relu");
    if (network.slope() != 0) {
      keys.put("system.leaky_slope", Double.toString(network.slope()));
    }
  }

  private void putOracle(Map<String, String> keys) {
    keys.put("descent.oracle", oracle.word());
    switch (oracle) {
      case Oracle.Population() -> {}
      case Oracle.Online(boolean projected, int batch, int share) -> {
        if (!gaussian()) {
          putInputs(keys);
        }
        keys.put("descent.sampling", projected ? "projected" : "direct");
        keys.put("descent.batch", Integer.toString(batch));
        keys.put("descent.share", Integer.toString(share));
      }
      case Oracle.Empirical(int samples, int dataSets) -> {
        putInputs(keys);
        keys.put("descent.samples", Integer.toString(samples));
        keys.put("descent.data_sets", Integer.toString(dataSets));
      }
    }
  }

  private void putInputs(Map<String, String> keys) {
    switch (inputs) {
      case Inputs.Gaussian() -> keys.put("system.inputs", "gaussian");
      case Inputs.Correlated(double correlation) -> {
        keys.put("system.inputs", "correlated");
        keys.put("system.correlation", Double.toString(correlation));
      }
      case Inputs.Uniform() -> keys.put("system.inputs", "uniform");
      case Inputs.Rademacher() -> keys.put("system.inputs", "rademacher");
      case Inputs.File file -> keys.put("system.inputs", "sha256:" + file.sha256());
      case Inputs.SetSplitting(int elements, int subsets) -> {
        keys.put("system.inputs", "set-splitting");
        keys.put("system.set_splitting.elements", Integer.toString(elements));
        keys.put("system.set_splitting.subsets", Integer.toString(subsets));
      }
    }
  }

  private void putRule(Map<String, String> keys) {
    if (oracle instanceof Oracle.Empirical) {
      keys.put("outcome.loss", Double.toString(rule.loss()));
      keys.put("outcome.gradient", Double.toString(rule.gradient()));
    } else if (!learned()) {
      keys.put("outcome.distance", Double.toString(rule.distance()));
    } else {
      boolean verdict = stopsByVerdict();
      if (oracle instanceof Oracle.Population) {
        keys.put("outcome.stop", rule.stop().word());
      }
      if (!verdict) {
        keys.put("outcome.angle", Double.toString(rule.angle()));
        keys.put("outcome.output", Double.toString(rule.output()));
      }
    }
  }

  /** Whether restarts end by the absorbing verdict. */
  public boolean stopsByVerdict() {
    return learned()
        && oracle instanceof Oracle.Population
        && rule.stop() == OutcomeRule.Stop.VERDICT;
  }

  @Override
  public List<Column> columns() {
    return ConvColumns.of(this);
  }

  @Override
  public List<Integer> sampledSteps() {
    return records(Recorded.TRAJECTORY)
        ? Arrays.stream(TrajectorySteps.upTo(maxSteps())).boxed().toList()
        : List.of();
  }

  @Override
  public List<String> invariants() {
    return List.of("x", "y", "mean", "contrast", "rest");
  }

  @Override
  public Clustering clustering() {
    long together = start.quadruple() ? 4 : 1;
    return switch (oracle) {
      case Oracle.Population() -> Clustering.blocks(together);
      // Blocks that hold whole quadruples and whole shares: the least common multiple.
      case Oracle.Online online ->
          Clustering.blocks(
              online.share() % together == 0
                  ? online.share()
                  : online.share() * together / (online.share() % 2 == 0 ? 2 : 1));
      case Oracle.Empirical empirical -> Clustering.residues(empirical.dataSets());
    };
  }
}
