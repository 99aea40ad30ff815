package org.basinsim.verification;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.basinsim.model.Experiment;
import org.basinsim.model.Precision;
import org.basinsim.model.Streams;
import org.basinsim.model.conv.ConvCell;
import org.basinsim.model.conv.Inputs;
import org.basinsim.model.conv.Optimizer;
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
 * What no {@link Mode} has, each by cells of its own: systems beside the convolutional network
 * without overlap, and its options.
 */
public enum OtherSystem {
  /** Patches that overlap, with average output and population descent. */
  OVERLAP(List.of(Precision.SINGLE, Precision.DOUBLE)) {
    @Override
    public List<Experiment> small(Precision precision) {
      return List.of(
          overlap(2, 2, 1).stepSize(0.05).precision(precision).build(),
          overlap(7, 5, 2).slope(0.3).stepSize(0.05).precision(precision).build());
    }

    /** About a third of its restarts end at the bad minimum. */
    @Override
    public Experiment mixed(Precision precision) {
      return overlap(2, 2, 1).stepSize(1).maxSteps(3000).precision(precision).build();
    }
  },
  /** Fresh inputs of other laws than the Gaussian, of patches that do not overlap and that do. */
  INPUTS(List.of(Precision.SINGLE, Precision.DOUBLE)) {
    @Override
    public List<Experiment> small(Precision precision) {
      return List.of(
          ConvCell.learned(3, 5, 1)
              .inputs(new Inputs.Correlated(0.7))
              .direct(7, 1)
              .stepSize(0.02)
              .maxSteps(20)
              .precision(precision)
              .build(),
          overlap(7, 5, 2)
              .inputs(new Inputs.Uniform())
              .direct(9, 64)
              .stepSize(0.02)
              .maxSteps(20)
              .precision(precision)
              .build());
    }

    /** A step budget within which about half of the restarts come near. */
    @Override
    public Experiment mixed(Precision precision) {
      return overlap(3, 5, 2)
          .inputs(new Inputs.Rademacher())
          .direct(7, 1)
          .near(0.4, 0.4)
          .stepSize(0.05)
          .maxSteps(60)
          .precision(precision)
          .build();
    }
  },
  /** Leaky ReLU, the shortcut and Adam, whose sums are those of the other optimizers too. */
  OPTIONS(List.of(Precision.SINGLE, Precision.DOUBLE)) {
    @Override
    public List<Experiment> small(Precision precision) {
      return List.of(options(3, 5).stepSize(0.02).precision(precision).build());
    }

    /** Some restarts of 50 steps are near the teacher by then. */
    @Override
    public Experiment mixed(Precision precision) {
      return options(3, 5).near(0.4, 0.4).stepSize(0.05).maxSteps(50).precision(precision).build();
    }
  },
  /** Leaky ReLU on the population and projected, without overlap. */
  LEAKY_RELU(List.of(Precision.SINGLE, Precision.DOUBLE)) {
    @Override
    public List<Experiment> small(Precision precision) {
      return List.of(
          ConvCell.average(13, 17).slope(0.3).stepSize(0.02).precision(precision).build(),
          ConvCell.learned(3, 5, 0.6)
              .slope(0.3)
              .projected(7)
              .stepSize(0.02)
              .precision(precision)
              .build());
    }

    /** Learned output, by verdict, in descents as short as those of {@link Mode}. */
    @Override
    public Experiment mixed(Precision precision) {
      return ConvCell.learned(3, 5, 0.6).slope(0.3).stepSize(0.2).precision(precision).build();
    }

    @Override
    public boolean reduced() {
      return true;
    }
  },
  /** Two layers with orthogonal teachers. */
  TWO_LAYER(List.of(Precision.DOUBLE)) {
    @Override
    public List<Experiment> small(Precision precision) {
      return List.of(twoLayer(3, 4, 0.02), twoLayer(7, 5, 0.02));
    }

    /** Half of its restarts begin on the side from which the only student shrinks to nothing. */
    @Override
    public Experiment mixed(Precision precision) {
      return twoLayer(1, 1, 0.1);
    }
  },
  /** Over-parameterized networks. */
  DEEP(List.of(Precision.SINGLE, Precision.DOUBLE)) {
    /** Every architecture and activation once. */
    @Override
    public List<Experiment> small(Precision precision) {
      return List.of(
          deep(Architecture.TWO_LAYER, Activation.RELU, 13, 300, precision),
          deep(Architecture.FULLY_CONNECTED, Activation.TANH, 7, 300, precision),
          deep(Architecture.RESNET, Activation.ERF, 5, 300, precision),
          deep(Architecture.CONV_RESNET, Activation.SOFTPLUS, 3, 300, precision));
    }

    /** So narrow, and for so few steps, that half of its restarts do not reach zero loss. */
    @Override
    public Experiment mixed(Precision precision) {
      return deep(Architecture.TWO_LAYER, Activation.RELU, 6, 40, precision);
    }
  };

  private final List<Precision> precisions;

  OtherSystem(List<Precision> precisions) {
    this.precisions = precisions;
  }

  /** The precisions it is carried out in. */
  public List<Precision> precisions() {
    return precisions;
  }

  /** Cells of odd sizes, for gradients and first steps. */
  public abstract List<Experiment> small(Precision precision);

  /** A cell with outcomes of both kinds. */
  public abstract Experiment mixed(Precision precision);

  /** Whether descent is carried out in reduced coordinates, which have no gradient to ask for. */
  public boolean reduced() {
    return false;
  }

  /** Such as {@code two layer}. */
  public String words() {
    return name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  private static ConvCell overlap(int k, int p, int stride) {
    double[] filter = new double[p];
    double[] output = new double[k];
    for (int c = 0; c < p; c++) {
      filter[c] = c % 2 == 0 ? -1 : 1 + 0.1 * c;
    }
    for (int j = 0; j < k; j++) {
      output[j] = 1.0 / k;
    }
    return ConvCell.average(k, p)
        .teacher(Teacher.of(filter, output))
        .start(new StartLaw(StartLaw.Filter.CUBE, StartLaw.Output.ZERO, 0, false))
        .stride(stride);
  }

  private static ConvCell options(int k, int p) {
    return ConvCell.learned(k, p, 1)
        .start(new StartLaw(StartLaw.Filter.SHORTCUT, StartLaw.Output.BALL, 1, false))
        .slope(0.3)
        .optimizer(new Optimizer.Adam(0.9, 0.999, 1e-8))
        .direct(19, 1);
  }

  private static TwoLayerExperiment twoLayer(int teachers, int students, double stepSize) {
    return new TwoLayerExperiment(
        teachers,
        students,
        stepSize,
        20_000,
        new TwoLayerRule(1e-3, 1e-4),
        Set.of(),
        20180,
        Streams.INDEPENDENT);
  }

  private static DeepExperiment deep(
      Architecture architecture,
      Activation activation,
      int width,
      int maxSteps,
      Precision precision) {
    boolean convolves = architecture == Architecture.CONV_RESNET;
    int depth = architecture == Architecture.TWO_LAYER ? 1 : 3;
    return new DeepExperiment(
        new DeepNetwork(
            architecture,
            width,
            depth,
            convolves ? 6 : 5,
            convolves ? 3 : 1,
            convolves ? 3 : 1,
            activation,
            0.5),
        new Samples.Sphere(5, Labels.SIGNS),
        Varies.BOTH,
        new StepSize(0.5, true),
        maxSteps,
        new DeepRule(0.05),
        Set.of(),
        20190,
        Streams.INDEPENDENT,
        precision);
  }
}
