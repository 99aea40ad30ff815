package org.basinsim.backend.gpu.opencl;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.basinsim.backend.BackendUnavailable;
import org.basinsim.backend.gpu.GpuDescription;
import org.basinsim.backend.gpu.GpuDescription.Kind;
import org.basinsim.backend.gpu.GpuDevice;
import org.basinsim.backend.gpu.GpuFailure;
import org.jocl.CL;
import org.jocl.CLException;
import org.jocl.cl_device_id;
import org.jocl.cl_platform_id;

/**
 * OpenCL on this machine. Devices are numbered over all platforms: platforms by name, the devices
 * of each as it lists them.
 */
public final class OpenClPlatform {
  /** What a loader without a platform answers; an extension, so JOCL has no name for it. */
  private static final int PLATFORM_NOT_FOUND = -1001;

  private static final String REMEDY =
      "install the GPU's driver, or for the processor, on Debian and Ubuntu:"
          + " sudo apt-get install pocl-opencl-icd";

  private OpenClPlatform() {}

  /** What is there, or what is missing. Throws nothing. */
  public static OpenClFound find() {
    Optional<String> missing = OpenClLibrary.missing();
    if (missing.isPresent()) {
      return OpenClFound.nothing(missing.get());
    }
    try {
      return SignalHandlers.kept(OpenClPlatform::ask);
    } catch (CLException | UnsupportedOperationException e) {
      return nothing(OpenClCalls.reason(e));
    }
  }

  private static OpenClFound ask() {
    List<String> unfit = new ArrayList<>();
    List<OpenClHardware> fit = fit(platforms(), unfit);
    List<GpuDescription> devices =
        IntStream.range(0, fit.size())
            .mapToObj(i -> fit.get(i).describe(i, fit.get(i).kind()))
            .toList();
    return devices.isEmpty()
        ? nothing(String.join("; ", unfit))
        : new OpenClFound(devices, Optional.empty());
  }

  private static OpenClFound nothing(String reason) {
    return OpenClFound.nothing("no OpenCL device: " + reason + "; " + REMEDY);
  }

  /**
   * Opens a device.
   *
   * @throws BackendUnavailable where it is not there or does not answer
   */
  public static GpuDevice open(int index) {
    return open(index, Optional.empty());
  }

  /**
   * Opens a device and describes it as another kind than it says, so that the kernels of one kind
   * can be tried on the other: slow, or worse, but the same numbers.
   *
   * @throws BackendUnavailable where it is not there or does not answer
   */
  public static GpuDevice open(int index, Kind kind) {
    return open(index, Optional.of(kind));
  }

  private static GpuDevice open(int index, Optional<Kind> kind) {
    String name = OpenClHardware.nameOf(index);
    OpenClFound found = find();
    if (found.missing().isPresent()) {
      throw new BackendUnavailable("device '" + name + "': " + found.missing().get());
    }
    if (index < 0 || index >= found.devices().size()) {
      String there =
          IntStream.range(0, found.devices().size())
              .mapToObj(OpenClHardware::nameOf)
              .collect(Collectors.joining(", "));
      throw new BackendUnavailable("device '" + name + "': not here; there are " + there);
    }
    try {
      return SignalHandlers.kept(() -> open(index, kind, OpenClDevice.SLICE));
    } catch (GpuFailure e) {
      throw new BackendUnavailable(e.getMessage());
    } catch (CLException | UnsupportedOperationException e) {
      throw new BackendUnavailable("device '" + name + "': " + OpenClCalls.reason(e));
    }
  }

  /** Opens a device that is there; {@code slice} is for {@link OpenClDevice}. */
  static OpenClDevice open(int index, Optional<Kind> kind, long slice) {
    OpenClHardware hardware = fit(platforms(), new ArrayList<>()).get(index);
    return new OpenClDevice(
        hardware, hardware.describe(index, kind.orElseGet(hardware::kind)), slice);
  }

  private static List<cl_platform_id> platforms() {
    int[] count = new int[1];
    try {
      CL.clGetPlatformIDs(0, null, count);
    } catch (CLException e) {
      if (e.getStatus() != PLATFORM_NOT_FOUND) {
        throw e;
      }
      // The number is not set then.
      return List.of();
    }
    cl_platform_id[] platforms = new cl_platform_id[count[0]];
    if (count[0] > 0) {
      CL.clGetPlatformIDs(count[0], platforms, null);
    }
    return Arrays.stream(platforms)
        .sorted(Comparator.comparing(platform -> OpenClInfo.text(platform, CL.CL_PLATFORM_NAME)))
        .toList();
  }

  /**
   * Every device that can serve.
   *
   * @param unfit takes a few words on each that cannot, and on platforms that have none or fail
   */
  private static List<OpenClHardware> fit(List<cl_platform_id> platforms, List<String> unfit) {
    if (platforms.isEmpty()) {
      unfit.add("there is no platform");
    }
    List<OpenClHardware> fit = new ArrayList<>();
    for (cl_platform_id platform : platforms) {
      String name = "platform '" + OpenClInfo.text(platform, CL.CL_PLATFORM_NAME) + "'";
      try {
        List<OpenClHardware> devices = devices(platform);
        if (devices.isEmpty()) {
          unfit.add(name + " has none");
        }
        for (OpenClHardware hardware : devices) {
          hardware.unfit().ifPresentOrElse(unfit::add, () -> fit.add(hardware));
        }
      } catch (CLException | UnsupportedOperationException e) {
        // One broken driver must not hide the devices of the others.
        unfit.add(name + " answers " + OpenClCalls.reason(e));
      }
    }
    return fit;
  }

  private static List<OpenClHardware> devices(cl_platform_id platform) {
    int[] count = new int[1];
    try {
      CL.clGetDeviceIDs(platform, CL.CL_DEVICE_TYPE_ALL, 0, null, count);
    } catch (CLException e) {
      if (e.getStatus() != CL.CL_DEVICE_NOT_FOUND) {
        throw e;
      }
      // The number is not set then.
      return List.of();
    }
    if (count[0] == 0) {
      return List.of();
    }
    cl_device_id[] devices = new cl_device_id[count[0]];
    CL.clGetDeviceIDs(platform, CL.CL_DEVICE_TYPE_ALL, count[0], devices, null);
    return Arrays.stream(devices).map(device -> new OpenClHardware(platform, device)).toList();
  }
}
