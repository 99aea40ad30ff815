package org.basinsim.model.conv;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Annealed noise (Zhou et al., ICML 2019, arXiv 1909.03172): each gradient is that at a perturbed
 * point,
 *
 * <pre>
 *   v ← v − η ∂ℓ∕∂v (v + ξ, a + ε)        a ← a − η ∂ℓ∕∂a (v + ξ, a + ε)
 * </pre>
 *
 * <p>with ξ uniform in the ball of radius ρ_w of R^p and ε uniform in that of radius ρ_a of R^k,
 * fresh in every step. Only the gradient sees the noise: the weights themselves are not displaced.
 * The loss is that of the network with weight normalization, so its gradient falls as 1∕‖v + ξ‖.
 * Radii are lengths, not multiples of a norm: filters start at norm 1, beside which ρ_w = 36 makes
 * the direction of v + ξ all but uniform.
 *
 * @param filter ρ_w ≥ 0 of the first epoch
 * @param output ρ_a ≥ 0 of the first epoch
 * @param decay what is left of both radii from one epoch to the next, above 0 and at most 1
 * @param stepDecay what is left of the step size, likewise
 * @param epoch steps of an epoch, at least 1
 */
public record Noise(double filter, double output, double decay, double stepDecay, int epoch) {
  /** Most epochs in which something changes: backends keep a table of them. */
  public static final int MOST_EPOCHS = 1 << 16;

  /** What is left of a radius or step size that counts as nothing; keeps squares normal. */
  private static final double NOTHING = 1e-18;

  public Noise {
    if (!(filter >= 0 && output >= 0 && decay > 0 && decay <= 1)
        || !(stepDecay > 0 && stepDecay <= 1 && epoch >= 1)) {
      throw new IllegalArgumentException("no schedule");
    }
  }

  /**
   * What holds during an epoch.
   *
   * @param stepSize η
   * @param filter ρ_w
   * @param output ρ_a
   */
  public record Epoch(double stepSize, double filter, double output) {}

  /**
   * The epochs of a descent up to the last in which something changes: step t belongs to {@link
   * #epoch(int, int)}. What has shrunk to 10⁻¹⁸ of itself is 0.
   *
   * @param stepSize η of the first epoch
   * @param maxSteps step budget
   * @throws IllegalArgumentException if there are more than {@link #MOST_EPOCHS}
   */
  public List<Epoch> schedule(double stepSize, int maxSteps) {
    requireTable(maxSteps);
    List<Epoch> schedule = new ArrayList<>();
    double radii = 1;
    double steps = 1;
    for (long e = epochs(maxSteps); e > 0; e--) {
      schedule.add(new Epoch(steps * stepSize, radii * filter, radii * output));
      radii = shrunk(radii, decay);
      steps = shrunk(steps, stepDecay);
    }
    return schedule;
  }

  void requireTable(int maxSteps) {
    if (epochs(maxSteps) > MOST_EPOCHS) {
      throw new IllegalArgumentException("so many epochs: " + epochs(maxSteps));
    }
  }

  /** Number of epochs in {@link #schedule}. */
  public long epochs(int maxSteps) {
    return Math.min((maxSteps - 1) / epoch + 1L, Math.max(lasting(decay), lasting(stepDecay)));
  }

  /**
   * The place of a step in a schedule.
   *
   * @param step 0 or more
   * @param epochs of the schedule, at least 1
   */
  public int epoch(int step, int epochs) {
    return Math.min(step / epoch, epochs - 1);
  }

  /** Epochs until a factor no longer changes: at once, or when nothing is left. */
  private static long lasting(double share) {
    return share == 1 ? 1 : (long) Math.ceil(Math.log(NOTHING) / Math.log(share)) + 2;
  }

  private static double shrunk(double factor, double share) {
    return factor * share < NOTHING ? 0 : factor * share;
  }

  /** The study keys and canonical values that this noise is made of. */
  public Map<String, String> mathematics() {
    Map<String, String> keys = new LinkedHashMap<>();
    keys.put("descent.noise.filter", Double.toString(filter));
    keys.put("descent.noise.output", Double.toString(output));
    keys.put("descent.noise.decay", Double.toString(decay));
    keys.put("descent.noise.step_decay", Double.toString(stepDecay));
    keys.put("descent.noise.epoch", Integer.toString(epoch));
    return keys;
  }
}
