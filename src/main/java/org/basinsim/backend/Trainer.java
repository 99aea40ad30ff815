package org.basinsim.backend;

import java.util.List;
import org.basinsim.model.RestartRange;

/**
 * Experiments made ready on a backend. Get one from {@link Backend#prepare}; close it after use.
 */
public interface Trainer extends AutoCloseable {

  /**
   * Trains every restart of the ranges and hands the outcomes over as they come: in pieces of any
   * size, in any order, each restart exactly once. Returns when all are done, or soon after {@link
   * Sink#stopped()} says so; then finished pieces have been handed over and the rest is forgotten.
   *
   * @param ranges disjoint; an outcome does not depend on how they are cut or ordered
   * @param sink called from one thread at a time
   */
  void train(List<RestartRange> ranges, Sink sink);

  @Override
  void close();
}
