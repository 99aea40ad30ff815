package org.basinsim.cli;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.basinsim.backend.Backend;
import org.basinsim.backend.BackendUnavailable;
import org.basinsim.backend.DeviceInfo;
import org.basinsim.backend.WorkSizing;
import org.basinsim.backend.cpu.CpuBackend;
import org.basinsim.backend.reference.ReferenceBackend;

/** The backends of this program by device name; the only place that names concrete ones. */
public final class Backends {
  private final Map<String, Function<WorkSizing, Backend>> byDevice;

  /**
   * @param byDevice how to open a backend, by what {@code --device} takes
   */
  public Backends(Map<String, Function<WorkSizing, Backend>> byDevice) {
    this.byDevice = Map.copyOf(byDevice);
  }

  /** Everything that ships. */
  public static Backends builtIn() {
    return new Backends(
        Map.of("cpu", CpuBackend::new, "reference", sizing -> new ReferenceBackend()));
  }

  /**
   * Opens a device. {@code auto} is the CPU; an explicit device never falls back to another.
   *
   * @throws BackendUnavailable for a device that is not there
   */
  public Backend open(String device, WorkSizing sizing) {
    String name = device.equals("auto") ? "cpu" : device;
    Function<WorkSizing, Backend> opener = byDevice.get(name);
    if (opener == null) {
      throw new BackendUnavailable(
          "device '" + device + "': not in this version; there are auto, " + names());
    }
    return opener.apply(sizing);
  }

  /** Every device, as {@code devices} lists it. */
  public List<DeviceInfo> devices() {
    return byDevice.keySet().stream()
        .sorted()
        .map(name -> open(name, WorkSizing.automatic()).device())
        .toList();
  }

  private String names() {
    return String.join(", ", byDevice.keySet().stream().sorted().toList());
  }
}
