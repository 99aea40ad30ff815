package org.basinsim.backend.gpu;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.basinsim.backend.Backend;
import org.basinsim.backend.BackendUnavailable;
import org.basinsim.backend.DeviceInfo;
import org.basinsim.backend.KernelUse;
import org.basinsim.backend.Limits;
import org.basinsim.backend.Probe;
import org.basinsim.backend.Trainer;
import org.basinsim.backend.WorkSizing;
import org.basinsim.model.Experiment;
import org.basinsim.model.deep.DeepExperiment;

/** Whole trajectories on one or several devices of one GPU interface. */
public final class GpuBackend implements Backend {
  /** Every system whose restarts kernels take from a table; asked in this order. */
  static final List<GpuSystem> SYSTEMS =
      List.of(new OverlapSystem(), new ConvSystem(), new TwoLayerSystem());

  /** Launches take a fraction of a second, compilations a few; what takes longer hangs. */
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  private final List<GpuSession> sessions;
  private final DeviceInfo info;
  private final WorkSizing sizing;

  /**
   * @param devices of one interface, at least one; closed with this backend
   */
  public GpuBackend(List<GpuDevice> devices, WorkSizing sizing) {
    this(devices, sizing, PATIENCE);
  }

  /**
   * @param patience how long one call to a device may take before the device is given up
   */
  GpuBackend(List<GpuDevice> devices, WorkSizing sizing, Duration patience) {
    this.sessions = devices.stream().map(device -> new GpuSession(device, patience)).toList();
    this.info = info(devices);
    this.sizing = sizing;
  }

  /**
   * Opens devices to serve together.
   *
   * @param opener opens the device of a number
   * @throws BackendUnavailable where one does not open; then none stays open
   */
  public static GpuBackend open(
      List<Integer> numbers, IntFunction<GpuDevice> opener, WorkSizing sizing) {
    List<GpuDevice> devices = new ArrayList<>();
    try {
      numbers.forEach(number -> devices.add(opener.apply(number)));
      return new GpuBackend(devices, sizing);
    } catch (RuntimeException | Error e) {
      devices.forEach(GpuDevice::close);
      throw e;
    }
  }

  private static DeviceInfo info(List<GpuDevice> devices) {
    DeviceInfo first = devices.getFirst().describe().info();
    if (devices.size() == 1) {
      return first;
    }
    return new DeviceInfo(
        first.backend(), first.backend() + ":all", devices.size() + " × " + first.description());
  }

  @Override
  public DeviceInfo device() {
    return info;
  }

  @Override
  public Trainer prepare(List<? extends Experiment> experiments) {
    List<GpuSystem.Prepared> cells = new ArrayList<>();
    List<DeepCell> deep = new ArrayList<>();
    for (Experiment experiment : experiments) {
      boolean batched = experiment instanceof DeepExperiment;
      cells.add(batched ? null : prepareOne(experiment));
      deep.add(batched ? prepareDeep((DeepExperiment) experiment) : null);
    }
    return new GpuTrainer(cells, deep, sessions);
  }

  private DeepCell prepareDeep(DeepExperiment experiment) {
    GpuDevice device = sessions.getFirst().device();
    int call = device.matrices().isPresent() ? LibraryGemm.RESTARTS : 1;
    return DeepCell.of(experiment, device.describe(), call, sizing);
  }

  private GpuSystem.Prepared prepareOne(Experiment experiment) {
    GpuDescription device = sessions.getFirst().device().describe();
    return SYSTEMS.stream()
        .flatMap(system -> system.prepare(experiment, device, sizing).stream())
        .findFirst()
        .orElseThrow(() ->
            new BackendUnavailable(
                info.backend() + ": no system for a " + experiment.getClass().getSimpleName()));
  }

  @Override
  public Probe probe() {
    return new GpuProbe(sessions.getFirst(), this::prepareOne, this::prepareDeep);
  }

  @Override
  public Optional<Limits> limits() {
    return Optional.of(new GpuLimits(sessions.getFirst()));
  }

  @Override
  public List<KernelUse> kernels() {
    return sessions.getFirst().uses();
  }

  @Override
  public Map<String, String> versions() {
    GpuDescription first = sessions.getFirst().device().describe();
    // With the driver: results have a place for it.
    Optional<String> library = sessions.getFirst().device().matrices().map(GpuMatrices::words);
    return Map.of(
        "driver",
        first.driver() + library.map(words -> ", " + words).orElse(""),
        "compiler",
        first.compiler(),
        "gemm",
        library.orElse("own"),
        "kernel_sha256",
        KernelSource.sha256(
            first.dialect(),
            Stream.concat(
                    SYSTEMS.stream().flatMap(system -> system.files().stream()),
                    DeepPlan.files().stream())
                .distinct()
                .toList()));
  }

  @Override
  public void close() {
    sessions.forEach(GpuSession::close);
  }
}
