package org.basinsim.backend.cpu;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import jdk.incubator.vector.FloatVector;
import org.basinsim.backend.Backend;
import org.basinsim.backend.BackendUnavailable;
import org.basinsim.backend.DeviceInfo;
import org.basinsim.backend.Limits;
import org.basinsim.backend.Probe;
import org.basinsim.backend.Trainer;
import org.basinsim.backend.WorkSizing;
import org.basinsim.model.Experiment;
import org.basinsim.model.conv.ConvExperiment;
import org.basinsim.model.conv.Oracle;
import org.basinsim.model.deep.DeepExperiment;
import org.basinsim.model.twolayer.TwoLayerExperiment;

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
        processor() + ", " + FloatVector.SPECIES_PREFERRED.vectorBitSize() + "-bit vectors");
  }

  /** The processor's own name where the system tells it, else the architecture. */
  static String processor() {
    Path told = Path.of("/proc/cpuinfo");
    try (Stream<String> lines = Files.lines(told)) {
      return lines
          .filter(line -> line.startsWith("model name"))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElse(System.getProperty("os.arch"));
    } catch (IOException | UncheckedIOException e) {
      return System.getProperty("os.arch");
    }
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

  @Override
  public Optional<Limits> limits() {
    return Optional.of(new CpuLimits(sizing.threads()));
  }

  /**
   * The form of descent that serves an experiment.
   *
   * @throws BackendUnavailable for a system that this backend does not know
   */
  static CpuDescent descent(Experiment experiment) {
    return switch (experiment) {
      case ConvExperiment conv -> descent(conv);
      case TwoLayerExperiment twoLayer -> new TwoLayerDescent(twoLayer);
      case DeepExperiment deep -> new DeepDescent(deep);
      default ->
          throw new BackendUnavailable(
              "cpu: no system for a " + experiment.getClass().getSimpleName());
    };
  }

  private static CpuDescent descent(ConvExperiment conv) {
    if (conv.oracle() instanceof Oracle.Population) {
      return conv.overlaps() ? new OverlapDescent(conv) : new PopulationDescent(conv);
    }
    if (conv.oracle() instanceof Oracle.Online online && online.projected()) {
      return new ProjectedDescent(conv);
    }
    return new DirectDescent(conv);
  }
}
