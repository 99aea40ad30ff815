package org.basinsim.benchmark;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.basinsim.backend.Backend;
import org.basinsim.backend.BackendUnavailable;
import org.basinsim.backend.DeviceInfo;
import org.basinsim.backend.KernelUse;
import org.basinsim.backend.Limits;
import org.basinsim.backend.Probe;
import org.basinsim.backend.Sink;
import org.basinsim.backend.Trainer;
import org.basinsim.backend.reference.ReferenceBackend;
import org.basinsim.model.Experiment;
import org.basinsim.model.Outcomes;
import org.basinsim.model.Precision;
import org.basinsim.model.RestartRange;

/**
 * A device on a clock of its own: a call takes {@link #CALL} seconds, a step of all restarts {@link
 * #LATENCY} or, where there are many, as long as {@link #PEAK} restart-steps a second take. A few
 * restarts are the reference's, many only have their steps.
 */
public final class ModelDevice implements Backend {
  static final double CALL = 1e-4;
  static final double LATENCY = 1e-5;
  static final double PEAK = 1e8;
  static final double MULTIPLY_ADDS = 4e12;
  static final double NORMALS = 1e11;
  private static final int PIECE = 1 << 16;

  /** What goes wrong. */
  public enum Fault {
    NONE,
    /** Losses are a hundredth too large. */
    WRONG,
    /** Training in double precision throws. */
    FAILS,
    /** Training in double precision loses it. */
    IS_LOST,
    /** It has no double precision. */
    SINGLE_ONLY,
    /** It does not know its limits. */
    LIMITLESS
  }

  private final String name;
  private final Fault fault;
  private final double[] clock;
  private final List<String> compiled = new ArrayList<>();

  public ModelDevice(String name, Fault fault) {
    this(name, fault, new double[1]);
  }

  /**
   * @param clock its element is the time, which may be shared
   */
  ModelDevice(String name, Fault fault, double[] clock) {
    this.name = name;
    this.fault = fault;
    this.clock = clock;
  }

  @Override
  public DeviceInfo device() {
    return new DeviceInfo("model", name, "a \"model\"");
  }

  @Override
  public Trainer prepare(List<? extends Experiment> experiments) {
    Experiment experiment = experiments.getFirst();
    boolean doubles = experiment.precision() == Precision.DOUBLE;
    if (doubles && fault == Fault.SINGLE_ONLY) {
      throw new BackendUnavailable(name + ": no double precision; set precision = \"single\"");
    }
    compiled.add("step, " + experiment.precision().word());
    return new Trainer() {
      @Override
      public void train(List<RestartRange> ranges, Sink sink) {
        if (doubles && fault == Fault.FAILS) {
          throw new IllegalStateException("lost\nfor good");
        }
        if (doubles && fault == Fault.IS_LOST) {
          throw new BackendUnavailable("lost");
        }
        RestartRange range = ranges.getFirst();
        if (range.count() <= 8) {
          exact(experiment, range, sink);
        } else {
          timed(experiment, range, sink);
        }
      }

      @Override
      public void close() {}
    };
  }

  private void exact(Experiment experiment, RestartRange range, Sink sink) {
    try (Trainer trainer = new ReferenceBackend().prepare(List.of(experiment))) {
      trainer.train(
          List.of(range),
          new Sink() {
            @Override
            public void accept(Outcomes outcomes) {
              if (fault == Fault.WRONG) {
                double[] loss = outcomes.reals("loss");
                Arrays.setAll(loss, i -> 1.01 * loss[i]);
              }
              sink.accept(outcomes);
            }

            @Override
            public boolean stopped() {
              return sink.stopped();
            }
          });
    }
  }

  private void timed(Experiment experiment, RestartRange range, Sink sink) {
    for (long first = 0; first < range.count(); first += PIECE) {
      long count = Math.min(PIECE, range.count() - first);
      Outcomes piece = new Outcomes(new RestartRange(0, first, count), experiment.columns());
      Arrays.fill(piece.ints("steps"), experiment.maxSteps());
      sink.accept(piece);
    }
    clock[0] += CALL + experiment.maxSteps() * Math.max(LATENCY, range.count() / PEAK);
  }

  @Override
  public Probe probe() {
    throw new UnsupportedOperationException();
  }

  @Override
  public Optional<Limits> limits() {
    if (fault == Fault.LIMITLESS) {
      return Optional.empty();
    }
    return Optional.of(
        new Limits() {
          @Override
          public long multiplyAdds(Precision precision, double seconds) {
            return take(seconds, precision == Precision.SINGLE ? MULTIPLY_ADDS : MULTIPLY_ADDS / 2);
          }

          @Override
          public long normals(Precision precision, double seconds) {
            return take(seconds, precision == Precision.SINGLE ? NORMALS : NORMALS / 2);
          }

          private long take(double seconds, double rate) {
            clock[0] += seconds;
            return Math.round(rate * seconds);
          }

          @Override
          public void close() {}
        });
  }

  @Override
  public List<KernelUse> kernels() {
    return compiled.stream().map(kernel -> new KernelUse(kernel, 72, 0, 1024)).toList();
  }

  @Override
  public Map<String, String> versions() {
    return Map.of("driver", "model 1.2");
  }
}
