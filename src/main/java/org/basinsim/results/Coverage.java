package org.basinsim.results;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.basinsim.model.RestartRange;

/** Which restarts of a cell are recorded: sorted, disjoint ranges of indices. */
public final class Coverage {
  private final TreeMap<Long, Long> ends = new TreeMap<>();

  /** Adds the indices {@code first … end − 1}, which may be there already. */
  void add(long first, long end) {
    Map.Entry<Long, Long> before = ends.floorEntry(first);
    long from = first;
    long to = end;
    if (before != null && before.getValue() >= first) {
      from = before.getKey();
      to = Math.max(to, before.getValue());
    }
    for (Map.Entry<Long, Long> next = ends.ceilingEntry(from);
        next != null && next.getKey() <= to;
        next = ends.ceilingEntry(from)) {
      to = Math.max(to, next.getValue());
      ends.remove(next.getKey());
    }
    ends.put(from, to);
  }

  /** How many of the indices {@code first … end − 1} are there. */
  long countWithin(long first, long end) {
    Long start = ends.floorKey(first);
    long count = 0;
    for (Map.Entry<Long, Long> range :
        ends.subMap(start == null ? first : start, true, Math.max(first, end), false).entrySet()) {
      count += Math.max(0, Math.min(end, range.getValue()) - Math.max(first, range.getKey()));
    }
    return count;
  }

  /** Number of restarts. */
  public long count() {
    return countWithin(0, Long.MAX_VALUE);
  }

  /** One past the largest index; 0 where there is none. */
  public long end() {
    return ends.isEmpty() ? 0 : ends.lastEntry().getValue();
  }

  /** The recorded ranges, in order, as ranges of this cell. */
  public List<RestartRange> ranges(int cell) {
    List<RestartRange> ranges = new ArrayList<>();
    ends.forEach((first, end) -> ranges.add(new RestartRange(cell, first, end - first)));
    return ranges;
  }

  /** The ranges of indices below {@code planned} that are not recorded, in order. */
  public List<RestartRange> missing(int cell, long planned) {
    List<RestartRange> missing = new ArrayList<>();
    long next = 0;
    for (Map.Entry<Long, Long> range : ends.headMap(planned, false).entrySet()) {
      if (range.getKey() > next) {
        missing.add(new RestartRange(cell, next, range.getKey() - next));
      }
      next = range.getValue();
    }
    if (next < planned) {
      missing.add(new RestartRange(cell, next, planned - next));
    }
    return missing;
  }
}
