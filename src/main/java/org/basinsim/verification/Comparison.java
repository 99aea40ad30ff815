package org.basinsim.verification;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.basinsim.backend.Backend;
import org.basinsim.backend.BackendUnavailable;
import org.basinsim.backend.Probe;
import org.basinsim.model.Experiment;
import org.basinsim.model.Outcome;
import org.basinsim.model.Precision;
import org.basinsim.model.conv.ConvExperiment;
import org.basinsim.random.Philox;
import org.basinsim.random.Purpose;
import org.basinsim.statistics.ExactTests;

/** The same questions to a device and to the reference, and how far the answers lie apart. */
public final class Comparison {
  /** Steps of a trajectory. */
  static final int STEPS = 50;

  /** The first hexadecimal digits of π, as good a key as any. */
  private static final long KEY = 0x243f6a8885a308d3L;

  /** The answer to counter 0, key 0, published with Random123 1.14 (kat_vectors, philox4x32 10). */
  private static final int[] PUBLISHED = {0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8};

  private final Backend device;
  private final Backend reference;
  private final Map<String, byte[]> trained = new HashMap<>();

  /**
   * @param device answers are judged
   * @param reference answers are right to double precision
   */
  public Comparison(Backend device, Backend reference) {
    this.device = device;
    this.reference = reference;
  }

  /**
   * Words of the generator against published ones. Of the three published counters only zero is one
   * that a first lane can have; the reference is held to all three.
   */
  public Check publishedWords() {
    int[] words = device.probe().words(0, 0, 0, 0, PUBLISHED.length);
    return words("philox4x32-10 as published", differing(PUBLISHED, words));
  }

  /** Words of every purpose, over keys, streams up to the last, steps and odd counts. */
  public Check words() {
    long[] keys = {0, -1, KEY};
    long[] streams = {0, 5, 1L << 33, Philox.LAST_STREAM};
    int[] steps = {0, 1, -3, Integer.MAX_VALUE, Integer.MIN_VALUE};
    int[] counts = {1, 3, 67, 1009};
    int differing = 0;
    int question = 0;
    for (Purpose purpose : Purpose.values()) {
      for (long stream : streams) {
        long key = keys[question % keys.length];
        int step = steps[question % steps.length];
        // Shifted by one with each purpose, so that every stream meets every count.
        int count = counts[(question + purpose.ordinal()) % counts.length];
        int[] expected = reference.probe().words(key, stream, purpose.code(), step, count);
        int[] words = device.probe().words(key, stream, purpose.code(), step, count);
        differing += differing(expected, words);
        question++;
      }
    }
    return words("words of every purpose", differing);
  }

  private static Check words(String what, int differing) {
    return new Check(Tier.RANDOM, what, differing, 0, "words", "");
  }

  private static int differing(int[] expected, int[] found) {
    int differing = Math.abs(expected.length - found.length);
    for (int i = 0; i < Math.min(expected.length, found.length); i++) {
      differing += expected[i] == found[i] ? 0 : 1;
    }
    return differing;
  }

  /** Normals made of the same words. */
  public Check normals(Precision precision) {
    return answered(
        Tier.RANDOM,
        "normals",
        precision,
        what -> {
          Worst worst = new Worst();
          for (int count : new int[] {1, 3, 64, 1009}) {
            worst.add(
                normals(reference.probe(), precision, count),
                normals(device.probe(), precision, count),
                normal -> Rounding.normal(precision, normal));
          }
          return worst.inRoundoffs(Tier.RANDOM, what, precision);
        });
  }

  private static double[] normals(Probe probe, Precision precision, int count) {
    return probe.normals(precision, KEY, 1L << 40, Purpose.INPUTS.code(), 9, count);
  }

  /**
   * Gradients at starts.
   *
   * @param mode one that is not {@link Mode#reduced}
   * @param sizes {k, p} each
   */
  public Check gradients(Mode mode, Precision precision, int[][] sizes) {
    return gradients(mode.words(), precision, cells(mode, 0.2, precision, sizes));
  }

  /** The same of another system. */
  public Check gradients(OtherSystem system, Precision precision) {
    return gradients(system.words(), precision, system.small(precision));
  }

  private Check gradients(
      String subject, Precision precision, List<? extends Experiment> experiments) {
    return answered(
        Tier.GRADIENT,
        subject,
        precision,
        what -> {
          Worst worst = new Worst();
          for (Experiment experiment : experiments) {
            for (long restart : new long[] {1, 18, 67}) {
              worst.add(
                  reference.probe().gradient(experiment, restart),
                  device.probe().gradient(experiment, restart),
                  partial -> Rounding.gradient(experiment));
            }
          }
          return worst.inRoundoffs(Tier.GRADIENT, what, precision);
        });
  }

  /**
   * The first states of descents.
   *
   * @param sizes {k, p} each
   */
  public Check trajectories(Mode mode, Precision precision, int[][] sizes) {
    return trajectories(mode.words(), precision, cells(mode, 0.02, precision, sizes));
  }

  /** The same of another system. */
  public Check trajectories(OtherSystem system, Precision precision) {
    return trajectories(system.words(), precision, system.small(precision));
  }

  private Check trajectories(
      String subject, Precision precision, List<? extends Experiment> experiments) {
    return answered(
        Tier.TRAJECTORY,
        subject,
        precision,
        what -> {
          Worst worst = new Worst();
          for (Experiment experiment : experiments) {
            for (long restart : new long[] {0, 19, 67}) {
              double[][] expected = reference.probe().trajectory(experiment, restart, STEPS);
              double[][] found = device.probe().trajectory(experiment, restart, STEPS);
              for (int t = 0; t <= STEPS; t++) {
                double[] state = t < found.length ? found[t] : new double[0];
                double allowed = Rounding.state(experiment, t);
                worst.add(expected[t], state, number -> allowed);
              }
            }
          }
          return worst.inRoundoffs(Tier.TRAJECTORY, what, precision);
        });
  }

  private static List<ConvExperiment> cells(
      Mode mode, double stepSize, Precision precision, int[][] sizes) {
    return Arrays.stream(sizes)
        .map(size -> mode.cell(size[0], size[1]).stepSize(stepSize).precision(precision).build())
        .toList();
  }

  /** Outcomes restart by restart, of restarts that end before rounding grows. */
  public Check outcomes(Mode mode, Precision precision, int restarts) {
    return outcomes(
        mode.words(), precision, mode.cell(3, 5).precision(precision).build(), restarts);
  }

  /** The same of another system. */
  public Check outcomes(OtherSystem system, Precision precision, int restarts) {
    return outcomes(system.words(), precision, system.mixed(precision), restarts);
  }

  private Check outcomes(String subject, Precision precision, Experiment experiment, int restarts) {
    return answered(
        Tier.OUTCOME,
        subject,
        precision,
        what -> {
          byte[] expected = expected(experiment, restarts);
          byte[] found = Training.outcomes(device, experiment, restarts);
          int differing = 0;
          for (int i = 0; i < restarts; i++) {
            differing += expected[i] == found[i] ? 0 : 1;
          }
          int allowed = Rounding.differingOutcomes(precision, restarts);
          return new Check(Tier.OUTCOME, what, differing, allowed, "restarts", "");
        });
  }

  /**
   * How often restarts succeed that have to come closer and may take longer. Both sides train the
   * same restarts, whose randomness is common: their counts lie closer together than those of
   * independent samples, so that the exact test errs on the side of the device.
   *
   * @param falseAlarm the p-value from which on frequencies are equal
   */
  public Check frequency(Mode mode, Precision precision, int restarts, double falseAlarm) {
    return answered(
        Tier.OUTCOME,
        "frequency, " + mode.words(),
        precision,
        what -> {
          ConvExperiment experiment =
              mode.cell(3, 5).near(0.2, 0.2).maxSteps(400).precision(precision).build();
          double p =
              ExactTests.sameProbability(
                  successes(expected(experiment, restarts)),
                  restarts,
                  successes(Training.outcomes(device, experiment, restarts)),
                  restarts);
          return new Check(
              Tier.OUTCOME, what, Math.log10(1 / p), Math.log10(1 / falseAlarm), "-log10 p", "");
        });
  }

  /** The reference's outcomes, which are the same in either precision. */
  private byte[] expected(Experiment experiment, int restarts) {
    return trained.computeIfAbsent(
        experiment.identity() + " " + restarts,
        key -> Training.outcomes(reference, experiment, restarts));
  }

  private static long successes(byte[] outcomes) {
    long successes = 0;
    for (byte outcome : outcomes) {
      successes += outcome == Outcome.GLOBAL.code() ? 1 : 0;
    }
    return successes;
  }

  /** Many devices compute in single precision alone. */
  private static Check answered(
      Tier tier, String subject, Precision precision, Function<String, Check> question) {
    String what = subject + ", " + precision.word();
    try {
      return question.apply(what);
    } catch (BackendUnavailable e) {
      if (precision == Precision.SINGLE) {
        throw e;
      }
      return Check.unavailable(tier, what, e.getMessage());
    }
  }
}
