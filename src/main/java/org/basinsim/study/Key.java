package org.basinsim.study;

/**
 * A key of study files: the one place that says what it is called, takes and means.
 *
 * @param name dotted
 * @param form which values it takes
 * @param standard what holds where a study does not give it, in the type of its form; null where
 *     there is no such value
 * @param required whether every study has to give it
 * @param swept whether a list of values is an axis
 * @param meaning one line
 */
public record Key(
    String name, Form form, Object standard, boolean required, boolean swept, String meaning) {

  /** A key that every study has to give. */
  public static Key required(String name, Form form, String meaning) {
    return new Key(name, form, null, true, true, meaning);
  }

  /** A key with a default. */
  public static Key standard(String name, Form form, Object standard, String meaning) {
    return new Key(name, form, standard, false, true, meaning);
  }

  /** A key that is off where a study does not give it. */
  public static Key off(String name, Form form, String meaning) {
    return new Key(name, form, null, false, true, meaning);
  }

  /** The same key with one value for the whole study. */
  public Key unswept() {
    return new Key(name, form, standard, required, false, meaning);
  }
}
