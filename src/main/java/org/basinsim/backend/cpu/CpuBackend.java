package org.basinsim.backend.cpu;

import java.util.List;
import jdk.incubator.vector.FloatVector;
import org.basinsim.backend.Backend;
import org.basinsim.backend.BackendUnavailable;
import org.basinsim.backend.DeviceInfo;
import org.basinsim.backend.Probe;
import org.basinsim.backend.Trainer;
import org.basinsim.backend.WorkSizing;
import org.basinsim.model.Experiment;
import org.basinsim.model.conv.ConvExperiment;
import org.basinsim.model.conv.Oracle;

/** Restarts in the lanes of vector registers, ranges of restarts over threads. */
public final class CpuBackend implements Backend {
  private final WorkSizing sizing;

  /**
   * @param sizing threads and restarts in a launch; never changes an outcome
   */
  public CpuBackend(WorkSizing sizing) {
    this.sizing = sizing;
  }

  @Override
  public DeviceInfo device() {
    return new DeviceInfo(
        "cpu",
        "cpu",
        "%s, %d threads, %d-bit vectors"
            .formatted(
                System.getProperty("os.arch"),
                sizing.threads(),
                FloatVector.SPECIES_PREFERRED.vectorBitSize()));
  }

  @Override
  public Trainer prepare(List<? extends Experiment> experiments) {
    List<CpuDescent> descents = experiments.stream().map(CpuBackend::descent).toList();
    return new CpuTrainer(List.copyOf(experiments), descents, sizing);
  }

  @Override
  public Probe probe() {
    return new CpuProbe();
  }

  /**
   * The form of descent that serves an experiment.
   *
   * @throws BackendUnavailable for a system that this backend does not know
   */
  static CpuDescent descent(Experiment experiment) {
    if (!(experiment instanceof ConvExperiment conv)) {
      throw new BackendUnavailable("cpu: no system for a " + experiment.getClass().getSimpleName());
    }
    if (conv.oracle() instanceof Oracle.Population) {
      return new PopulationDescent(conv);
    }
    if (conv.oracle() instanceof Oracle.Online online && online.projected()) {
      return new ProjectedDescent(conv);
    }
    return new DirectDescent(conv);
  }
}
