package org.basinsim.cli;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.basinsim.backend.Backend;
import org.basinsim.backend.BackendUnavailable;
import org.basinsim.backend.DeviceInfo;
import org.basinsim.backend.WorkSizing;

/**
 * Devices behind one interface. To have one asks nothing of the machine; {@link #present}, {@link
 * #missing} and {@link #open} may load libraries and wake drivers, so they are called only where a
 * device of the family may be wanted.
 */
public interface DeviceFamily {

  /** The word that {@code --device} begins with: {@code cpu}, {@code cuda}. */
  String name();

  /**
   * What {@code --device} takes, with N for a number: {@code cuda:N} and {@code cuda:all}, or the
   * name alone where there is but one device.
   */
  List<String> forms();

  /** What is there, in the order of the numbers; not empty where {@link #missing} is. */
  List<Device> present();

  /**
   * Why no device of the family can serve, in one line: what is missing and, behind the first
   * semicolon, how to get it. Empty where one can.
   */
  Optional<String> missing();

  /**
   * What multiplies matrices on its devices, where there is a choice and one can serve: {@code own}
   * or a library, its version and what it promises. Elsewhere the program does itself.
   */
  default Optional<String> gemm() {
    return Optional.empty();
  }

  /**
   * Takes hold of devices, to serve together as one backend.
   *
   * @param numbers positions in {@link #present}, at least one
   * @throws BackendUnavailable where one cannot serve
   */
  Backend open(List<Integer> numbers, WorkSizing sizing);

  /**
   * A device that is there.
   *
   * @param automatic whether {@code --device auto} may choose it
   */
  record Device(DeviceInfo info, boolean automatic) {}

  /**
   * The family of one device that every machine has.
   *
   * @param automatic whether {@code --device auto} may choose it
   * @param opener makes the backend
   */
  static DeviceFamily ofOne(String name, boolean automatic, Function<WorkSizing, Backend> opener) {
    return new DeviceFamily() {
      @Override
      public String name() {
        return name;
      }

      @Override
      public List<String> forms() {
        return List.of(name);
      }

      @Override
      public List<Device> present() {
        return List.of(new Device(opener.apply(WorkSizing.automatic()).device(), automatic));
      }

      @Override
      public Optional<String> missing() {
        return Optional.empty();
      }

      @Override
      public Backend open(List<Integer> numbers, WorkSizing sizing) {
        return opener.apply(sizing);
      }
    };
  }
}
