package org.basinsim.backend.gpu.cuda;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import jcuda.driver.CUdevice;
import jcuda.driver.CUdevice_attribute;
import jcuda.driver.JCudaDriver;
import org.basinsim.backend.DeviceInfo;

/**
 * What the driver tells of a device without taking hold of it.
 *
 * @param device the driver's handle
 * @param info as recorded with results
 * @param capability compute capability without its point
 * @param units multiprocessors
 * @param memory bytes
 * @param sharedMemory bytes of static shared memory a group may declare
 * @param largestGroup work-items
 */
record CudaHardware(
    CUdevice device,
    DeviceInfo info,
    int capability,
    int units,
    long memory,
    int sharedMemory,
    int largestGroup) {
  private static final int LONGEST_NAME = 256;

  static int count() {
    int[] count = new int[1];
    new DriverCalls("cuda").make("cuDeviceGetCount", () -> JCudaDriver.cuDeviceGetCount(count));
    return count[0];
  }

  /**
   * Asks for one device.
   *
   * @param ordinal at least 0, below {@link #count}
   */
  static CudaHardware of(int ordinal) {
    DriverCalls calls = new DriverCalls("cuda:" + ordinal);
    CUdevice device = new CUdevice();
    calls.make("cuDeviceGet", () -> JCudaDriver.cuDeviceGet(device, ordinal));
    byte[] name = new byte[LONGEST_NAME];
    calls.make("cuDeviceGetName", () -> JCudaDriver.cuDeviceGetName(name, name.length, device));
    long[] memory = new long[1];
    calls.make("cuDeviceTotalMem", () -> JCudaDriver.cuDeviceTotalMem(memory, device));
    int capability =
        10
                * attribute(
                    calls, device, CUdevice_attribute.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR)
            + attribute(
                calls, device, CUdevice_attribute.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR);
    int units =
        attribute(calls, device, CUdevice_attribute.CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT);
    String description =
        "%s, compute %s, %d multiprocessors, %s"
            .formatted(text(name), Target.dotted(capability), units, gibibytes(memory[0]));
    return new CudaHardware(
        device,
        new DeviceInfo("cuda", calls.device(), description),
        capability,
        units,
        memory[0],
        attribute(
            calls, device, CUdevice_attribute.CU_DEVICE_ATTRIBUTE_MAX_SHARED_MEMORY_PER_BLOCK),
        attribute(calls, device, CUdevice_attribute.CU_DEVICE_ATTRIBUTE_MAX_THREADS_PER_BLOCK));
  }

  /** A size as people write it. */
  static String gibibytes(long bytes) {
    return String.format(Locale.ROOT, "%.1f GiB", bytes / (double) (1 << 30));
  }

  private static int attribute(DriverCalls calls, CUdevice device, int attribute) {
    int[] value = new int[1];
    calls.make(
        "cuDeviceGetAttribute " + attribute,
        () -> JCudaDriver.cuDeviceGetAttribute(value, attribute, device));
    return value[0];
  }

  /** Up to the zero byte that ends it in C. */
  private static String text(byte[] bytes) {
    int end = 0;
    while (end < bytes.length && bytes[end] != 0) {
      end++;
    }
    return new String(bytes, 0, end, StandardCharsets.UTF_8);
  }
}
