package org.basinsim.backend;

import java.util.List;
import java.util.Map;
import java.util.Optional;
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

  /** What the device can do at most, for benchmarks; empty where nothing measures it. */
  default Optional<Limits> limits() {
    return Optional.empty();
  }

  /** The kernels compiled so far, where the interface tells what they take. */
  default List<KernelUse> kernels() {
    return List.of();
  }

  /**
   * What lies below: {@code driver}, {@code compiler} and {@code kernel_sha256}, the hash of the
   * device code, where there is such a thing. Recorded with results.
   */
  default Map<String, String> versions() {
    return Map.of();
  }

  /** Gives the device back; trainers and probes are of no use afterwards. */
  @Override
  default void close() {}
}
