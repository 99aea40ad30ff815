package org.basinsim.study;

import java.util.List;
import java.util.Optional;
import org.basinsim.model.conv.Noise;
import org.basinsim.model.conv.OutcomeRule;

/** Annealed noise in a study: a schedule of five keys, all of them or none. */
final class ConvNoise {
  static final String FILTER = "descent.noise.filter";
  static final String OUTPUT = "descent.noise.output";
  static final String DECAY = "descent.noise.decay";
  static final String STEP_DECAY = "descent.noise.step_decay";
  static final String EPOCH = "descent.noise.epoch";

  private static final List<String> SCHEDULE = List.of(FILTER, OUTPUT, DECAY, STEP_DECAY, EPOCH);

  private ConvNoise() {}

  /** Whether a cell has noise, rightly or wrongly. */
  static boolean given(Values cell) {
    return SCHEDULE.stream().anyMatch(cell::given);
  }

  /** Refuses half a schedule, and what does not go with noise. */
  static void check(Values cell) {
    if (!given(cell)) {
      return;
    }
    SCHEDULE.stream()
        .filter(key -> !cell.given(key))
        .findFirst()
        .ifPresent(key ->
            cell.missing(
                key,
                "noise has a whole schedule; allowed: filter, output, decay, step_decay and epoch"
                    + " together, or none of them"));
    String key = SCHEDULE.stream().filter(cell::given).findFirst().orElseThrow();
    requireWord(cell, key, "descent.oracle", "population");
    requireWord(cell, key, "system.output", "learned");
    requireWord(cell, key, "system.activation", "relu");
    if (cell.given("outcome.stop")
        && cell.sound("outcome.stop")
        && cell.is("outcome.stop", "verdict")) {
      cell.refuse(
          "outcome.stop",
          "noise may lead out of where descent alone would stay, so that no verdict is certain",
          "\"accuracy\", or leaving it out");
    }
    if (cell.sound("descent.max_steps")
        && SCHEDULE.stream().allMatch(cell::sound)
        && noise(cell).orElseThrow().epochs(cell.number("descent.max_steps")) > Noise.MOST_EPOCHS) {
      cell.refuse(
          EPOCH,
          "a schedule of more than " + Noise.MOST_EPOCHS + " different epochs",
          "a longer epoch, a faster decay or fewer steps");
    }
  }

  private static void requireWord(Values cell, String key, String other, String word) {
    if (cell.sound(key, other) && !cell.is(other, word)) {
      cell.refuse(
          key,
          "noise does not go with "
              + other
              + " = "
              + Rendering.quoted(cell.word(other))
              + ": what a step sees of it is worked out for "
              + Rendering.quoted(word),
          other + " = " + Rendering.quoted(word) + " with it");
    }
  }

  /** The noise of a cell that passed {@link #check}. */
  static Optional<Noise> noise(Values cell) {
    return given(cell)
        ? Optional.of(
            new Noise(
                cell.real(FILTER),
                cell.real(OUTPUT),
                cell.real(DECAY),
                cell.real(STEP_DECAY),
                cell.number(EPOCH)))
        : Optional.empty();
  }

  /** What ends a restart: with noise nearness, which is its default there. */
  static OutcomeRule.Stop stop(Values cell) {
    return given(cell) || cell.is("outcome.stop", "accuracy")
        ? OutcomeRule.Stop.ACCURACY
        : OutcomeRule.Stop.VERDICT;
  }
}
