package org.basinsim.verification;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Predicate;
import org.basinsim.backend.Backend;
import org.basinsim.model.Precision;

/**
 * Every check that a device must pass, tier by tier.
 *
 * <p>Get one for a device and the reference, then ask for the {@link #checks} of each tier. Where a
 * tier fails, the tiers behind it usually do too: the first failure says where to look.
 */
public final class Verification {
  /** {k, p}: odd, on either side of the p = 16 that a thread of a GPU holds by itself. */
  private static final int[][] SIZES = {{3, 5}, {13, 17}};

  /** The same and more patches than the 64 that a thread of a GPU holds by itself. */
  private static final int[][] PROJECTED_SIZES = {{3, 5}, {13, 17}, {67, 3}};

  /** Every formula, and both ways to share inputs. */
  private static final Set<Mode> MODES =
      EnumSet.complementOf(
          EnumSet.of(
              Mode.DIRECT_LEARNED_SHARE_3,
              Mode.DIRECT_LEARNED_SHARE_17,
              Mode.DIRECT_AVERAGE_SHARE_3));

  /** Modes of sampled gradients in which restarts succeed and fail in numbers. */
  private static final Set<Mode> MIXED =
      EnumSet.of(
          Mode.PROJECTED_LEARNED,
          Mode.DIRECT_LEARNED,
          Mode.DIRECT_LEARNED_SHARE_64,
          Mode.EMPIRICAL_LEARNED);

  /** In single precision two of so many outcomes may differ. */
  private static final int POPULATION_RESTARTS = 2000;

  /** Descents of other systems are long for the scalar reference. */
  private static final int OTHER_RESTARTS = 60;

  /** Enough to find success probabilities that differ by 0.1. */
  private static final int SAMPLED_RESTARTS = 1000;

  /** False-alarm probability of each test of frequencies: 10⁻⁶ for all of them. */
  private static final double FALSE_ALARM = 1e-6 / (MIXED.size() * Precision.values().length);

  private final Comparison comparison;

  /**
   * @param device what is to be verified
   * @param reference what it is compared with
   */
  public Verification(Backend device, Backend reference) {
    comparison = new Comparison(device, reference);
  }

  /**
   * Carries out the checks of one tier; seconds, and minutes where kernels are compiled first.
   *
   * @throws org.basinsim.backend.BackendUnavailable where the device cannot serve single precision
   */
  public List<Check> checks(Tier tier) {
    List<Check> checks = new ArrayList<>();
    switch (tier) {
      case RANDOM -> {
        checks.add(comparison.publishedWords());
        checks.add(comparison.words());
        for (Precision precision : Precision.values()) {
          checks.add(comparison.normals(precision));
        }
      }
      case GRADIENT -> {
        ofModes(
            checks,
            mode -> !mode.reduced(),
            (mode, precision) -> comparison.gradients(mode, precision, SIZES));
        ofSystems(checks, system -> !system.reduced(), comparison::gradients);
      }
      case TRAJECTORY -> {
        ofModes(
            checks,
            mode -> true,
            (mode, precision) -> comparison.trajectories(mode, precision, sizes(mode)));
        ofSystems(checks, system -> true, comparison::trajectories);
      }
      case OUTCOME -> {
        ofModes(
            checks,
            Mode::population,
            (mode, precision) -> comparison.outcomes(mode, precision, POPULATION_RESTARTS));
        ofSystems(
            checks,
            system -> true,
            (system, precision) -> comparison.outcomes(system, precision, OTHER_RESTARTS));
        ofModes(
            checks,
            MIXED::contains,
            (mode, precision) ->
                comparison.frequency(mode, precision, SAMPLED_RESTARTS, FALSE_ALARM));
      }
    }
    return checks;
  }

  private static void ofModes(
      List<Check> checks, Predicate<Mode> which, BiFunction<Mode, Precision, Check> check) {
    for (Mode mode : MODES) {
      if (which.test(mode)) {
        for (Precision precision : Precision.values()) {
          checks.add(check.apply(mode, precision));
        }
      }
    }
  }

  private static void ofSystems(
      List<Check> checks,
      Predicate<OtherSystem> which,
      BiFunction<OtherSystem, Precision, Check> check) {
    for (OtherSystem system : OtherSystem.values()) {
      if (which.test(system)) {
        system.precisions().forEach(precision -> checks.add(check.apply(system, precision)));
      }
    }
  }

  private static int[][] sizes(Mode mode) {
    return mode.reduced() && !mode.population() ? PROJECTED_SIZES : SIZES;
  }
}
