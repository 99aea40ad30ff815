package org.basinsim.cli;

/** Durations, sizes and rates as people say them. */
final class Amounts {
  private static final String[] UNITS = {"bytes", "KB", "MB", "GB", "TB", "PB"};

  private Amounts() {}

  /** Such as {@code 4.2 s}, {@code 12 min}, {@code 3.5 h}, {@code 2.1 days}. */
  static String time(double seconds) {
    if (seconds < 100) {
      return number(seconds) + " s";
    }
    if (seconds < 100 * 60) {
      return number(seconds / 60) + " min";
    }
    return seconds < 48 * 3600 ? number(seconds / 3600) + " h" : number(seconds / 86400) + " days";
  }

  /** Such as {@code 4.2 MB}, in powers of 1000. */
  static String bytes(long bytes) {
    double amount = bytes;
    int unit = 0;
    while (amount >= 1000 && unit < UNITS.length - 1) {
      amount /= 1000;
      unit++;
    }
    return number(amount) + " " + UNITS[unit];
  }

  /** Such as {@code 0.25}, {@code 18}, {@code 3050}: two digits or more. */
  static String rate(double perSecond) {
    return perSecond < 0.95 ? "%.2f".formatted(perSecond) : number(perSecond);
  }

  private static String number(double value) {
    return value < 9.95 ? "%.1f".formatted(value) : "%.0f".formatted(value);
  }
}
