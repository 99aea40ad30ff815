package org.basinsim.model.deep;

import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Stream;
import org.basinsim.model.Precision;
import org.basinsim.model.Streams;

/** Small networks for tests: odd sizes, every architecture and activation. */
public final class DeepExperiments {
  private DeepExperiments() {}

  /** A network of every architecture with every activation, and one whose output stays. */
  public static Stream<DeepNetwork> networks(int width) {
    Stream<DeepNetwork> whole =
        Stream.of(Architecture.values())
            .flatMap(architecture ->
                Stream.of(Activation.values()).map(sigma -> network(architecture, sigma, width)));
    return Stream.concat(
        whole,
        Stream.of(
            new DeepNetwork(
                Architecture.RESNET, width, 2, 5, 1, 1, Activation.SOFTPLUS, 0.5, false)));
  }

  /** 6 numbers at 3 positions with convolution, 5 numbers without. */
  public static DeepNetwork network(Architecture architecture, Activation activation, int width) {
    boolean convolves = architecture == Architecture.CONV_RESNET;
    return new DeepNetwork(
        architecture,
        width,
        architecture == Architecture.TWO_LAYER ? 1 : 3,
        convolves ? 6 : 5,
        convolves ? 3 : 1,
        convolves ? 3 : 1,
        activation,
        0.5);
  }

  /** Everything recorded that its network has, but for the limit, which no backend computes. */
  public static DeepExperiment experiment(
      DeepNetwork network, int samples, int maxSteps, Precision precision) {
    Set<Recorded> recorded = EnumSet.complementOf(EnumSet.of(Recorded.LIMIT));
    if (network.architecture() != Architecture.TWO_LAYER
        || network.activation() != Activation.RELU) {
      recorded.remove(Recorded.PATTERNS);
    }
    return new DeepExperiment(
        network,
        new Samples.Sphere(samples, Labels.NORMAL),
        Varies.BOTH,
        new StepSize(0.5, true),
        maxSteps,
        new DeepRule(1e-3),
        recorded,
        7,
        Streams.INDEPENDENT,
        precision);
  }
}
