package org.basinsim.model.deep;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.basinsim.model.Clustering;
import org.basinsim.model.Column;
import org.basinsim.model.Experiment;
import org.basinsim.model.Precision;
import org.basinsim.model.Streams;
import org.basinsim.model.TrajectorySteps;

/**
 * One cell of a study of over-parameterized networks: full-batch descent on all layers.
 *
 * @param network its shape
 * @param samples where inputs and labels come from
 * @param varies what differs from restart to restart
 * @param stepSize η
 * @param maxSteps step budget, at least 1
 * @param rule when a restart counts as what
 * @param recorded what is recorded beside outcome and steps
 * @param seed of the study
 * @param streams whether cells share randomness
 * @param precision type the descent is carried out in
 */
public record DeepExperiment(
    DeepNetwork network,
    Samples samples,
    Varies varies,
    StepSize stepSize,
    int maxSteps,
    DeepRule rule,
    Set<Recorded> recorded,
    long seed,
    Streams streams,
    Precision precision)
    implements Experiment {

  public DeepExperiment {
    recorded = Set.copyOf(recorded);
    if (maxSteps < 1 || samples.count() < 1) {
      throw new IllegalArgumentException(maxSteps + " steps, " + samples.count() + " samples");
    }
    if (samples instanceof Samples.File && varies != Varies.WEIGHTS) {
      throw new IllegalArgumentException("the data of a file are the same for all restarts");
    }
    boolean patterned =
        network.architecture() == Architecture.TWO_LAYER && network.activation() == Activation.RELU;
    if (recorded.contains(Recorded.PATTERNS) && !patterned) {
      throw new IllegalArgumentException("patterns are those of two layers with ReLU");
    }
  }

  /** Whether this is wanted in the results. */
  public boolean records(Recorded quantity) {
    return recorded.contains(quantity);
  }

  /** Whether Θ(0) is needed, with G^(H)(0). */
  public boolean asksForStartKernel() {
    return stepSize.relative()
        || records(Recorded.KERNELS)
        || records(Recorded.RATE)
        || records(Recorded.PREDICTION);
  }

  /** Whether Θ and G^(H) at the end are needed. */
  public boolean asksForEndKernel() {
    return records(Recorded.KERNELS);
  }

  /** The stream of a restart's weights. */
  public long weightStream(long restart) {
    return varies == Varies.DATA ? 0 : restart;
  }

  /** The stream of a restart's data. */
  public long dataStream(long restart) {
    return varies == Varies.WEIGHTS ? 0 : restart;
  }

  @Override
  public Map<String, String> mathematics() {
    Map<String, String> keys = new LinkedHashMap<>();
    keys.put("system.kind", "deep");
    keys.put("system.architecture", network.architecture().word());
    keys.put("system.width", Integer.toString(network.width()));
    keys.put("system.depth", Integer.toString(network.depth()));
    keys.put("system.activation", network.activation().word());
    boolean convolves = network.architecture() == Architecture.CONV_RESNET;
    if (convolves || network.architecture() == Architecture.RESNET) {
      keys.put("system.residual_scale", Double.toString(network.residualScale()));
    }
    if (convolves) {
      keys.put("system.positions", Integer.toString(network.positions()));
      keys.put("system.window", Integer.toString(network.window()));
    }
    keys.put("system.input_size", Integer.toString(network.inputSize()));
    keys.put("system.samples", Integer.toString(samples.count()));
    switch (samples) {
      case Samples.Sphere sphere -> {
        keys.put("system.inputs", "sphere");
        keys.put("system.labels", sphere.labels().word());
      }
      case Samples.File file -> keys.put("system.inputs", "sha256:" + file.sha256());
    }
    boolean signs = network.architecture() == Architecture.TWO_LAYER;
    if (!signs && !network.trainsOutput()) {
      keys.put("system.trained", "hidden");
    }
    keys.put("start.varies", varies.word());
    keys.put(
        stepSize.relative() ? "descent.step_size.relative" : "descent.step_size",
        Double.toString(stepSize.value()));
    keys.put("descent.max_steps", Integer.toString(maxSteps));
    keys.put("outcome.tolerance", Double.toString(rule.tolerance()));
    keys.put("restarts.streams", streams.word());
    return keys;
  }

  @Override
  public List<Column> columns() {
    return DeepColumns.of(this);
  }

  /**
   * With the same data, or the same weights, for all, restarts are independent only given these.
   */
  @Override
  public Clustering clustering() {
    return varies == Varies.BOTH ? Clustering.INDEPENDENT : Clustering.residues(1);
  }

  @Override
  public List<Integer> sampledSteps() {
    boolean sampled =
        records(Recorded.TRAJECTORY) || records(Recorded.PREDICTION) || records(Recorded.LIMIT);
    return sampled ? Arrays.stream(TrajectorySteps.upTo(maxSteps)).boxed().toList() : List.of();
  }

  /** Loss, norm of the gradient. */
  @Override
  public List<String> invariants() {
    return List.of("loss", "gradient");
  }
}
