package org.basinsim.model.deep;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongFunction;

/**
 * The kernels of infinite width of an experiment, each computed once where restarts share their
 * data. Safe for use by several threads.
 */
public final class LimitKernels {
  private static final int MOST_KEPT = 16;

  private final DeepNetwork network;
  private final LongFunction<double[]> inputs;
  private final Map<Long, TangentKernel> kept =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, TangentKernel> eldest) {
          return size() > MOST_KEPT;
        }
      };

  /**
   * @param inputs of a data stream, n × d
   */
  public LimitKernels(DeepNetwork network, LongFunction<double[]> inputs) {
    this.network = network;
    this.inputs = inputs;
  }

  /** The kernels on the inputs of a data stream. */
  TangentKernel of(long dataStream) {
    synchronized (kept) {
      TangentKernel found = kept.get(dataStream);
      if (found != null) {
        return found;
      }
    }
    TangentKernel made = InfiniteWidth.of(network, inputs.apply(dataStream));
    synchronized (kept) {
      kept.put(dataStream, made);
    }
    return made;
  }
}
