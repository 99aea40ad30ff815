package org.basinsim.model.conv;

import java.util.Locale;
import org.basinsim.model.Outcome;

/**
 * When a restart counts as what.
 *
 * @param stop what ends a population restart with learned output weights
 * @param angle radians; learned: φ ≤ angle is near the teacher, φ ≥ π − 2·angle near the opposite
 * @param output learned: ‖a − target‖ ≤ output·‖b*‖ is near
 * @param distance average: ‖w − w*‖ ≤ distance·‖w*‖ is global
 * @param loss empirical: training loss ≤ loss·(training loss of the zero function) is global
 * @param gradient empirical: ‖∇‖ ≤ gradient·‖∇ at the start‖ is stationary
 */
public record OutcomeRule(
    Stop stop, double angle, double output, double distance, double loss, double gradient) {

  /** What ends a restart. */
  public enum Stop {
    /** The absorbing verdict: stop as soon as the end is certain. */
    VERDICT,
    /** Go on until angle and output weights are near a minimum. */
    ACCURACY;

    /** The word used in study files. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Nearness in the learned network: global, spurious where that is a minimum, or undecided. */
  public Outcome near(LearnedReduction population, ConvState s) {
    double radius = output * population.teacherNorm();
    double phi = s.angle();
    if (phi <= angle && population.outputDistance(s) <= radius) {
      return Outcome.GLOBAL;
    }
    if (phi >= Math.PI - 2 * angle
        && population.spuriousIsMinimum()
        && population.spuriousDistance(s) <= radius) {
      return Outcome.SPURIOUS;
    }
    return Outcome.UNDECIDED;
  }

  /** Nearness in the average network: global or undecided; without overlap nothing is spurious. */
  public Outcome near(Average population, ConvState s) {
    return population.distance(s) <= distance * population.teacherNorm()
        ? Outcome.GLOBAL
        : Outcome.UNDECIDED;
  }
}
