package org.basinsim.backend.gpu.cuda;

import org.basinsim.backend.BackendUnavailable;
import org.basinsim.backend.DeviceInfo;
import org.basinsim.backend.gpu.GpuDevice;

/** Prints what there is, what is missing, and how opening the device of the argument goes. */
final class CudaPlatformProcess {
  private CudaPlatformProcess() {}

  public static void main(String[] arguments) {
    for (DeviceInfo device : CudaPlatform.devices()) {
      System.out.println(device.name() + ": " + device.description());
    }
    CudaPlatform.missing().ifPresent(why -> System.out.println("missing: " + why));
    try (GpuDevice device = CudaPlatform.open(Integer.parseInt(arguments[0]))) {
      System.out.println("opened: " + device.describe());
    } catch (BackendUnavailable e) {
      System.out.println("unavailable: " + e.getMessage());
    }
  }
}
