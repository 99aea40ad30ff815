package org.basinsim.study;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.basinsim.model.Precision;
import org.basinsim.model.Streams;

/**
 * What a study says about one cell: a value for every key, given or default, in the type of the
 * key's form.
 */
public final class Values {

  /**
   * One value.
   *
   * @param value in the type of the key's form; null where its check failed or there is none
   * @param given whether the study gives it
   * @param shown as messages show it
   * @param place where it was given, or the file
   */
  record Value(Object value, boolean given, String shown, Place place) {}

  /**
   * What the cells of a study have in common.
   *
   * @param folder relative paths start here
   * @param made what {@link Values#once} made
   */
  record Common(
      Place file,
      Path folder,
      Map<String, Value> values,
      Problems problems,
      Set<String> warnings,
      Map<Object, Object> made) {}

  private final Common common;
  private final Map<String, Value> own;

  /**
   * @param own values of swept keys
   */
  Values(Common common, Map<String, Value> own) {
    this.common = common;
    this.own = own;
  }

  /** Whether all of these have a value that passed its own check. */
  public boolean sound(String... keys) {
    for (String key : keys) {
      if (value(key) == null || value(key).value() == null) {
        return false;
      }
    }
    return true;
  }

  /** Whether the study gives this key, rightly or wrongly. */
  public boolean given(String key) {
    return value(key) != null && value(key).given();
  }

  /** The value of a {@link Form.Whole} key. */
  public long whole(String key) {
    return (Long) get(key);
  }

  /** The value of a {@link Form.Whole} key whose range ends below 2³¹. */
  public int number(String key) {
    return Math.toIntExact(whole(key));
  }

  /** The value of a {@link Form.Real} key. */
  public double real(String key) {
    return (Double) get(key);
  }

  /** The value of a {@link Form.Word} or {@link Form.Text} key. */
  public String word(String key) {
    return (String) get(key);
  }

  /** Whether the value of a key is this word. */
  public boolean is(String key, String word) {
    return word.equals(get(key));
  }

  /** The value of a {@link Form.Flag} key. */
  public boolean flag(String key) {
    return (Boolean) get(key);
  }

  /** The value of a {@link Form.Vector} key, a new array. */
  public double[] vector(String key) {
    return ((List<?>) get(key)).stream().mapToDouble(Double.class::cast).toArray();
  }

  /** The value of a {@link Form.Words} key. */
  public List<String> words(String key) {
    return ((List<?>) get(key)).stream().map(String.class::cast).toList();
  }

  /** The value of a {@link Form.Wholes} key. */
  public List<Long> wholes(String key) {
    return ((List<?>) get(key)).stream().map(Long.class::cast).toList();
  }

  /** The seed of the study. */
  public long seed() {
    return whole("seed");
  }

  /** {@code restarts.streams}. */
  public Streams streams() {
    return Streams.valueOf(word("restarts.streams").toUpperCase(Locale.ROOT));
  }

  /** {@code restarts.precision}. */
  public Precision precision() {
    return Precision.valueOf(word("restarts.precision").toUpperCase(Locale.ROOT));
  }

  /** The value of a {@link Form.FilePath} key; a relative one starts from the study's folder. */
  public Path path(String key) {
    return common.folder().resolve(word(key));
  }

  /** Refuses the value of a key: what is wrong with it here, and what would be right. */
  public void refuse(String key, String wrong, String allowed) {
    Value value = value(key);
    String shown = value.shown() + (value.given() ? "" : " (default)");
    common.problems().add(value.place(), key, shown, wrong + "; allowed: " + allowed);
  }

  /** Asks for a key that this cell needs and the study does not give. */
  public void missing(String key, String why) {
    common.problems().add(common.file(), key + " is missing: " + why);
  }

  /** Says what is allowed but likely not meant. */
  public void warn(String key, String text) {
    Value value = value(key);
    common.warnings().add(value.place().label() + ": " + key + " = " + value.shown() + ": " + text);
  }

  /** Makes something once for all cells that ask for it under an equal name. */
  @SuppressWarnings("unchecked")
  public <T> T once(Object name, Supplier<T> make) {
    return (T) common.made().computeIfAbsent(name, any -> make.get());
  }

  /** The value of any key, null where there is none or its check failed. */
  Object get(String key) {
    Value value = value(key);
    return value == null ? null : value.value();
  }

  private Value value(String key) {
    Value value = own.get(key);
    return value == null ? common.values().get(key) : value;
  }
}
