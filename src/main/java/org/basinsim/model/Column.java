package org.basinsim.model;

/**
 * One recorded quantity of a restart: what it is called, what it means and how well two backends
 * agree on it. Results files write whatever columns an experiment declares.
 *
 * @param name field name in results files, lower case with underscores
 * @param type storage type
 * @param size numbers per restart: 1, or the length of a fixed-size vector such as a trajectory
 * @param unit {@code 1} for plain numbers, {@code rad}, {@code step}, …
 * @param longName one line for people, also the {@code long_name} attribute
 * @param tolerance how far the reference may lie from a recorded value
 */
public record Column(
    String name, Type type, int size, String unit, String longName, Tolerance tolerance) {

  /** Storage types of results files. */
  public enum Type {
    UINT8,
    INT32,
    FLOAT64
  }

  /**
   * Agreement of a recorded and a recomputed value: {@code |a − b| ≤ absolute + relative·|b|}; two
   * values that are not numbers agree.
   */
  public record Tolerance(double absolute, double relative) {

    /** Equal values only. */
    public static final Tolerance EXACT = new Tolerance(0, 0);

    /** Whether {@code recorded} agrees with {@code recomputed}. */
    public boolean accepts(double recorded, double recomputed) {
      return recorded == recomputed
          || Double.isNaN(recorded) && Double.isNaN(recomputed)
          || Math.abs(recorded - recomputed) <= absolute + relative * Math.abs(recomputed);
    }
  }

  /** The column every experiment declares first. */
  public static final Column OUTCOME =
      new Column(
          "outcome",
          Type.UINT8,
          1,
          "1",
          "how the restart ended: 0 undecided, 1 global, 2 spurious, 3 diverged",
          Tolerance.EXACT);

  /**
   * The minimum at which a spurious restart ended. A backend writes −1, for it sees one restart at
   * a time; what is written in the end are rows of {@code /minima}, which the finished results tell
   * apart by {@link #position}. No two runs need agree on them.
   */
  public static final Column MINIMUM =
      new Column(
          "minimum",
          Type.INT32,
          1,
          "1",
          "row of /minima where the restart is spurious; -1 where it is not",
          new Tolerance(Double.POSITIVE_INFINITY, 0));

  /** Name of the column that {@link #position} makes. */
  public static final String POSITION = "position";

  /**
   * The position at the end, by which minima are told apart: coordinates, or as many invariants as
   * tell any two apart. Goes with {@link #MINIMUM}.
   */
  public static Column position(int size, String longName, Tolerance tolerance) {
    return new Column(POSITION, Type.FLOAT64, size, "1", longName, tolerance);
  }

  /** The column every experiment declares second. */
  public static Column steps(String meaning, Tolerance tolerance) {
    return new Column("steps", Type.INT32, 1, "step", meaning, tolerance);
  }

  /** A real number per restart. */
  public static Column real(String name, String unit, String longName, Tolerance tolerance) {
    return new Column(name, Type.FLOAT64, 1, unit, longName, tolerance);
  }
}
