package org.basinsim.study;

import java.util.List;
import org.basinsim.model.Experiment;

/**
 * One point of a study's sweep.
 *
 * @param values in the order of {@link Study#sweptKeys()}, each a {@code Long}, {@code Double},
 *     {@code String} or {@code Boolean}; all cells have the same type at the same position
 * @param experiment what is simulated there
 */
public record Cell(List<Object> values, Experiment experiment) {
  public Cell {
    values = List.copyOf(values);
  }
}
