package org.basinsim.validation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import org.basinsim.model.Outcome;
import org.basinsim.model.conv.ConvCell;
import org.basinsim.model.conv.ConvState;
import org.basinsim.model.conv.LearnedReduction;
import org.basinsim.model.conv.OutcomeRule;
import org.basinsim.model.conv.Teacher;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the verdict says early is what waiting for accuracy finds. No exception is allowed. */
@Tag("validation")
class AbsorbingVerdictTest {
  private static final int RESTARTS = 2_100;
  private static final int BUDGET = 20_000;
  private static final OutcomeRule ACCURACY =
      ConvCell.learned(2, 2, 1).near(0.05, 0.1).build().rule();

  private long compared;
  private long arrived;
  private long total;

  @ParameterizedTest
  @ValueSource(doubles = {0, 0.01, 0.3, 0.9})
  void neverContradictsWaitingForAccuracy(double slope) {
    for (int k : new int[] {1, 2, 13, 100}) {
      double threshold = (k + Math.PI - 1) / Math.PI;
      // Where the contraction of the mean changes sign.
      double zero = LearnedReduction.divergentStepSize(k, slope) / 2;
      for (double ofThreshold : new double[] {0.3, 0.95, 1.3}) {
        double ratio = k == 1 ? 1 : Math.min(k, ofThreshold * threshold);
        for (double ofZero : new double[] {0.4, 1.1, 1.3, 1.8}) {
          double eta = Math.min(ofZero * zero, LearnedReduction.largestVerdictStepSize(slope));
          compare(Teacher.ofRatio(k, 6, 1, 1, ratio), eta, slope);
        }
      }
    }
    assertTrue(total >= 100_000);
    // The rest are filters too short for the guard against turning past the goal, η(1+α²)·max|q| <
    // 4n² with a slope: there the step sizes compared are larger, and leave more of them.
    double decided = slope == 0 ? 0.97 : 0.95;
    assertTrue(compared > decided * arrived, compared + " of " + arrived + " have a verdict");
    assertTrue(arrived > 0.95 * total, arrived + " of " + total + " arrive");
  }

  private void compare(Teacher teacher, double eta, double slope) {
    LearnedReduction reduction = new LearnedReduction(teacher, eta, slope);
    SplittableRandom random = new SplittableRandom(teacher.patches());
    for (int i = 0; i < RESTARTS; i++) {
      ConvState start = start(teacher, random);
      Outcome verdict = Outcome.UNDECIDED;
      Outcome arrival = Outcome.UNDECIDED;
      ConvState state = start;
      for (int t = 0; t <= BUDGET && arrival == Outcome.UNDECIDED; t++) {
        if (verdict == Outcome.UNDECIDED) {
          verdict = reduction.verdict(state);
        }
        arrival = ACCURACY.near(reduction, state);
        state = reduction.step(state);
      }
      total++;
      if (arrival != Outcome.UNDECIDED) {
        arrived++;
      }
      if (arrival != Outcome.UNDECIDED && verdict != Outcome.UNDECIDED) {
        compared++;
        assertEquals(arrival, verdict, () -> "k " + teacher.patches() + ", step " + eta + start);
      }
    }
  }

  /** Wider than any start law: every angle alike, filters short and long, means beyond the hull. */
  private static ConvState start(Teacher teacher, SplittableRandom random) {
    double angle = Math.PI * random.nextDouble();
    double norm = Math.exp(random.nextDouble(-1, 1));
    double spread = 2 * random.nextDouble();
    return new ConvState(
        norm * Math.cos(angle),
        norm * Math.sin(angle),
        spread * teacher.mean() * random.nextGaussian(),
        spread * random.nextGaussian(),
        random.nextDouble());
  }
}
