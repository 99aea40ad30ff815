package org.basinsim.backend;

import java.util.List;
import org.basinsim.model.Experiment;

/** One way to carry out experiments: the reference, the CPU, a GPU interface. */
public interface Backend extends AutoCloseable {

  /** The device it computes on. */
  DeviceInfo device();

  /**
   * Makes experiments ready to train.
   *
   * @param experiments a {@link org.basinsim.model.RestartRange#cell cell} is a position in this
   *     list
   * @throws BackendUnavailable when this backend cannot serve one of them
   */
  Trainer prepare(List<? extends Experiment> experiments);

  /** Small questions, for replay, exact probabilities and tests. */
  Probe probe();

  /** Gives the device back; trainers and probes are of no use afterwards. */
  @Override
  default void close() {}
}
