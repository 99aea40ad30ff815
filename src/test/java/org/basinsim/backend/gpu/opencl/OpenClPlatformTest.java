package org.basinsim.backend.gpu.opencl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.basinsim.backend.BackendUnavailable;
import org.basinsim.backend.gpu.GpuDescription;
import org.basinsim.backend.gpu.GpuDescription.Kind;
import org.basinsim.backend.gpu.GpuDevice;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is there, and how a device is opened. */
class OpenClPlatformTest {

  @Test
  void saysWhatIsThereOrWhatIsMissing() {
    OpenClFound found = OpenClPlatform.find();
    assertNotEquals(found.devices().isEmpty(), found.missing().isEmpty());
    found.missing().ifPresent(line -> assertEquals(1, line.lines().count(), line));
    assertEquals(found, OpenClPlatform.find());
  }

  @Test
  void numbersAndDescribesDevices() {
    PresentOpenCl.require();
    List<GpuDescription> devices = OpenClPlatform.find().devices();
    for (int i = 0; i < devices.size(); i++) {
      GpuDescription device = devices.get(i);
      assertEquals("opencl", device.dialect());
      assertEquals("opencl", device.info().backend());
      assertEquals("opencl:" + i, device.info().name());
      String description = device.info().description();
      assertTrue(description.matches(".+, .+, \\d+ compute units, \\d+\\.\\d GiB"), description);
      assertTrue(device.driver().startsWith("OpenCL "), device.driver());
      assertTrue(device.compiler().contains("-cl-std=CL1.2"), device.compiler());
      assertEquals(1, device.toString().lines().count());
      assertTrue(device.units() >= 1);
      assertTrue(List.of(1, 4, 8, 16).contains(device.vectorWidth()));
      assertTrue(device.kind() == Kind.CPU || device.vectorWidth() == 1);
      // The least that OpenCL 1.2 grants.
      assertTrue(device.memory() >= 4 * (1L << 20));
      assertTrue(device.sharedMemory() >= 32 << 10);
      assertTrue(device.largestGroup() >= 1);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {99, -1})
  void namesTheDevicesThereAre(int index) {
    PresentOpenCl.require();
    BackendUnavailable failure =
        assertThrows(BackendUnavailable.class, () -> OpenClPlatform.open(index));
    String expected = "device 'opencl:" + index + "': not here; there are opencl:0";
    assertTrue(failure.getMessage().startsWith(expected), failure.getMessage());
    assertEquals(1, failure.getMessage().lines().count());
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void opensADeviceAsEitherKind(Kind kind) {
    PresentOpenCl.require();
    try (GpuDevice device = OpenClPlatform.open(0, kind)) {
      assertEquals(kind, device.describe().kind());
      assertTrue(kind == Kind.CPU || device.describe().vectorWidth() == 1);
      assertEquals("opencl:0", device.describe().info().name());
    }
  }
}
