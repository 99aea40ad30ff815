package org.basinsim.backend.cpu;

import java.util.List;
import org.basinsim.model.RestartRange;

/**
 * Ranges cut into launches, one queue for all cells, so that threads stay busy as long as anything
 * is left. Cut on demand: a queue of 10⁹ restarts takes no memory.
 */
final class Launches {
  /** About a second's worth: finished work is kept by whole launches. */
  private static final double NORMALS = 5e8;

  private final List<RestartRange> ranges;
  private final List<CpuDescent> descents;
  private final int asked;
  private final int threads;
  private int position;
  private long next = -1;

  /**
   * @param descents by cell
   * @param asked restarts in a launch; 0 leaves it to the descent
   * @param threads that take launches
   */
  Launches(List<RestartRange> ranges, List<CpuDescent> descents, int asked, int threads) {
    this.ranges = ranges;
    this.descents = descents;
    this.asked = asked;
    this.threads = threads;
  }

  /**
   * Restarts that draw about a second's worth of normals, if each spends its budget.
   *
   * @param each normals that a restart draws at most
   * @param fewest enough to fill the lanes
   * @param most enough to leave few lanes idle at the end
   */
  static int drawing(double each, int fewest, int most) {
    return (int) Math.clamp(NORMALS / each, fewest, most);
  }

  /** The next launch, or null when nothing is left. Safe for use by many threads. */
  synchronized RestartRange next() {
    if (position == ranges.size()) {
      return null;
    }
    RestartRange range = ranges.get(position);
    long first = next < 0 ? range.first() : next;
    long end = Math.min(range.end(), first + length(range, first));
    if (end == range.end()) {
      position++;
      next = -1;
    } else {
      next = end;
    }
    return new RestartRange(range.cell(), first, end - first);
  }

  private long length(RestartRange range, long first) {
    CpuDescent descent = descents.get(range.cell());
    long together = descent.together();
    long length = asked;
    if (asked == 0) {
      length = descent.launch();
      if (ranges.size() < threads) {
        // A few ranges must not leave threads idle.
        length = Math.min(length, Math.ceilDiv(range.count(), (long) threads));
      }
    }
    long whole = Math.max(together, length / together * together);
    return whole - first % together;
  }
}
