package org.basinsim.benchmark;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.basinsim.backend.Limits;
import org.basinsim.model.Precision;

/** What the limits of a device, measured again and again, allow work to reach. */
public final class Bounds {

  /** What bounds work. */
  public enum Quantity {
    MULTIPLY_ADDS,
    NORMALS;

    /** The word used in reports: {@code multiply_adds}. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private static final int WARM_UPS = 10;

  private final Stopwatch stopwatch;
  private final double seconds;
  private final Map<Quantity, Map<Precision, List<Double>>> measured =
      new EnumMap<>(Quantity.class);

  /**
   * @param seconds that one measurement takes
   */
  public Bounds(Stopwatch stopwatch, double seconds) {
    this.stopwatch = stopwatch;
    this.seconds = seconds;
  }

  /** Restart-steps a second that the limits allow, measured now. */
  public double restartSteps(Limits limits, Work work) {
    double bound = Double.POSITIVE_INFINITY;
    for (Quantity quantity : Quantity.values()) {
      double needed = needed(quantity, work);
      if (needed > 0) {
        bound = Math.min(bound, measure(limits, quantity, work.precision()) / needed);
      }
    }
    return bound;
  }

  /** The limit that is reached first, by the medians so far. */
  public Quantity tightest(Work work) {
    Quantity tightest = null;
    double least = Double.POSITIVE_INFINITY;
    for (Quantity quantity : Quantity.values()) {
      double needed = needed(quantity, work);
      if (needed > 0 && median(quantity, work.precision()) / needed < least) {
        least = median(quantity, work.precision()) / needed;
        tightest = quantity;
      }
    }
    return tightest;
  }

  /** Everything that was measured. */
  List<DeviceReport.Limit> all() {
    List<DeviceReport.Limit> all = new ArrayList<>();
    measured.forEach((quantity, byPrecision) ->
        byPrecision
            .keySet()
            .forEach(precision ->
                all.add(new DeviceReport.Limit(quantity, precision, median(quantity, precision)))));
    return all;
  }

  /** How many a second, the median of what was measured so far; NaN if nothing was. */
  private double median(Quantity quantity, Precision precision) {
    List<Double> rates = rates(quantity, precision);
    return rates.isEmpty()
        ? Double.NaN
        : Speed.median(rates.stream().mapToDouble(Double::doubleValue).toArray());
  }

  /** The first of its kind are not counted: they are slow until everything is compiled. */
  private double measure(Limits limits, Quantity quantity, Precision precision) {
    List<Double> rates = rates(quantity, precision);
    for (int i = 0; i < WARM_UPS && rates.isEmpty(); i++) {
      count(limits, quantity, precision);
    }
    double rate = stopwatch.rate(() -> count(limits, quantity, precision));
    rates.add(rate);
    return rate;
  }

  private long count(Limits limits, Quantity quantity, Precision precision) {
    return switch (quantity) {
      case MULTIPLY_ADDS -> limits.multiplyAdds(precision, seconds);
      case NORMALS -> limits.normals(precision, seconds);
    };
  }

  private static double needed(Quantity quantity, Work work) {
    return switch (quantity) {
      case MULTIPLY_ADDS -> work.flops() / 2;
      case NORMALS -> work.normals();
    };
  }

  private List<Double> rates(Quantity quantity, Precision precision) {
    return measured
        .computeIfAbsent(quantity, _ -> new EnumMap<>(Precision.class))
        .computeIfAbsent(precision, _ -> new ArrayList<>());
  }
}
