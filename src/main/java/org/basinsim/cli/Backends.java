package org.basinsim.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.basinsim.backend.Backend;
import org.basinsim.backend.BackendUnavailable;
import org.basinsim.backend.WorkSizing;
import org.basinsim.backend.cpu.CpuBackend;
import org.basinsim.backend.reference.ReferenceBackend;

/** The backends of this program by device name; the only place that names concrete ones. */
public final class Backends {
  private final List<DeviceFamily> families;

  /**
   * @param families in the order in which {@code auto} asks them
   */
  public Backends(List<DeviceFamily> families) {
    this.families = List.copyOf(families);
  }

  /** Everything that ships. */
  public static Backends builtIn() {
    return new Backends(
        List.of(
            new CudaFamily(),
            new OpenClFamily(),
            DeviceFamily.ofOne("cpu", true, CpuBackend::new),
            DeviceFamily.ofOne("reference", false, sizing -> new ReferenceBackend())));
  }

  /** Every family, in the order in which {@code auto} asks them. */
  List<DeviceFamily> families() {
    return families;
  }

  /** Names of the devices that can serve, in the order of their families. */
  List<String> usable() {
    return families.stream()
        .filter(family -> family.missing().isEmpty())
        .flatMap(family -> family.present().stream())
        .map(device -> device.info().name())
        .toList();
  }

  /**
   * What {@code auto} comes to.
   *
   * @param backend on the first device that serves
   * @param passedOver a few words on each family before it, such as {@code not cuda: no driver}
   */
  record Choice(Backend backend, List<String> passedOver) {}

  /**
   * The first device of the first family that serves and that {@code auto} may choose.
   *
   * @throws BackendUnavailable where there is none
   */
  Choice choose(WorkSizing sizing) {
    List<String> passedOver = new ArrayList<>();
    for (DeviceFamily family : families) {
      try {
        return new Choice(family.open(List.of(automatic(family)), sizing), passedOver);
      } catch (BackendUnavailable e) {
        // The remedy is for whoever asks for this device; here another serves.
        passedOver.add("not " + family.name() + ": " + e.getMessage().split(";", 2)[0]);
      }
    }
    throw new BackendUnavailable("device 'auto': there is none: " + String.join("; ", passedOver));
  }

  private static int automatic(DeviceFamily family) {
    family
        .missing()
        .ifPresent(missing -> {
          throw new BackendUnavailable(missing);
        });
    List<DeviceFamily.Device> present = family.present();
    return IntStream.range(0, present.size())
        .filter(number -> present.get(number).automatic())
        .findFirst()
        .orElseThrow(() -> new BackendUnavailable("no GPU, only " + names(present)));
  }

  /**
   * Opens the device of a name, never another.
   *
   * @throws Refusal for a word that names no device
   * @throws BackendUnavailable for a device that is not there or cannot serve
   */
  public Backend open(String device, WorkSizing sizing) {
    DeviceFamily family = family(device);
    Optional<String> missing = family.missing();
    if (missing.isPresent()) {
      throw new BackendUnavailable("device '" + device + "': " + missing.get());
    }
    List<DeviceFamily.Device> present = family.present();
    List<Integer> numbers = numbers(device, present.size());
    if (numbers.getLast() >= present.size()) {
      throw new BackendUnavailable(
          "device '" + device + "': not there; there are " + names(present));
    }
    return family.open(numbers, sizing);
  }

  private DeviceFamily family(String device) {
    return families.stream()
        .filter(family -> family.forms().stream().anyMatch(form -> fits(device, form)))
        .findFirst()
        .orElseThrow(() ->
            new Refusal(
                ExitCode.BAD_USAGE,
                "--device: %s: not the name of a device; allowed: auto, %s"
                    .formatted(
                        device,
                        families.stream()
                            .flatMap(family -> family.forms().stream())
                            .collect(Collectors.joining(", ")))));
  }

  /**
   * The form {@code cuda:N} takes {@code cuda:0}, {@code cuda:1}, …, and {@code cuda} for the
   * first.
   */
  private static boolean fits(String device, String form) {
    return device.matches(form.replace(":N", "(:[0-9]{1,6})?"));
  }

  private static List<Integer> numbers(String device, int present) {
    String number = device.substring(device.indexOf(':') + 1);
    if (number.equals("all")) {
      return IntStream.range(0, present).boxed().toList();
    }
    return List.of(number.equals(device) ? 0 : Integer.valueOf(number));
  }

  private static String names(List<DeviceFamily.Device> devices) {
    return devices.stream().map(device -> device.info().name()).collect(Collectors.joining(", "));
  }
}
