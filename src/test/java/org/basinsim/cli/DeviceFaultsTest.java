package org.basinsim.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.basinsim.backend.gpu.EmulatedDevice;
import org.basinsim.backend.gpu.FaultyDevice;
import org.basinsim.backend.gpu.FaultyDevice.Call;
import org.basinsim.backend.gpu.FaultyDevice.Fault;
import org.basinsim.backend.gpu.GpuDevice;
import org.basinsim.backend.gpu.opencl.PresentOpenCl;
import org.basinsim.cli.Basin.Ended;
import org.basinsim.results.DataSets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What a user sees of a device that fails, and that no finished work is lost with it. */
class DeviceFaultsTest {
  private static final int RESTARTS = 2 * 3000;

  @TempDir private Path folder;

  private Path study() {
    return Studies.write(
        folder,
        "faults",
        """
        [system]
        kind = "conv"
        patches = [3, 5]
        patch_size = 2

        [teacher]
        output_ratio = 1

        [descent]
        oracle = "online"
        sampling = "direct"
        batch = 8
        max_steps = 200
        step_size = 0.001

        [restarts]
        per_cell = 3000
        """);
  }

  private String[] run(String file, String device) {
    Path output = folder.resolve(file);
    return new String[] {
      "run", study().toString(), "-o", output.toString(), "--device", device, "--quiet"
    };
  }

  private Ended run(String file, String device, GpuDevice... devices) {
    return Basin.call(OpenedFamily.program("emulated", devices), run(file, device));
  }

  private static Fault fails(String what) {
    return occasion -> {
      throw occasion.failure(what);
    };
  }

  private void assertSameFiles(String one, String other) throws Exception {
    var expected = DataSets.of(folder.resolve(one));
    assertTrue(expected.containsKey("/restarts/outcome"), expected.keySet()::toString);
    // Not assertEquals: its message would hold every byte.
    assertTrue(expected.equals(DataSets.of(folder.resolve(other))), "other data sets");
  }

  @Test
  void aDeviceThatFailsEndsTheRunInOneLineAndItsWorkIsKept() throws Exception {
    FaultyDevice faulty =
        new FaultyDevice(new EmulatedDevice(0)).at(Call.CONTROL, 4, fails("context lost"));
    Ended ended = run("x.h5", "emulated:0", faulty);
    assertEquals(ExitCode.DEVICE_UNAVAILABLE, ended.code());
    assertEquals(List.of("basin: error: emulated:0: context lost"), ended.messages());
    assertEquals("", ended.out());
    assertFalse(Files.exists(folder.resolve("x.h5")));
    EmulatedDevice sound = new EmulatedDevice(0);
    run("x.h5", "emulated:0", sound).done();
    assertTrue(sound.restartsEnded() < RESTARTS, "all was trained again");
    EmulatedDevice undisturbed = new EmulatedDevice(0);
    run("y.h5", "emulated:0", undisturbed).done();
    assertEquals(RESTARTS, undisturbed.restartsEnded());
    assertSameFiles("y.h5", "x.h5");
  }

  @Test
  void whereAnotherDeviceTakesOverTheUserIsWarned() throws Exception {
    FaultyDevice faulty =
        new FaultyDevice(new EmulatedDevice(0)).at(Call.LAUNCH, 2, fails("launch refused"));
    FaultyDevice sound =
        new FaultyDevice(new EmulatedDevice(1))
            .at(
                Call.LAUNCH,
                1,
                occasion -> {
                  await(faulty);
                  occasion.proceed();
                });
    assertEquals(
        List.of("basin: warning: emulated:0: launch refused; the other devices take over"),
        run("x.h5", "emulated:all", faulty, sound).done().messages());
    EmulatedDevice one = new EmulatedDevice(0);
    EmulatedDevice other = new EmulatedDevice(1);
    assertEquals(List.of(), run("y.h5", "emulated:all", one, other).done().messages());
    assertSameFiles("y.h5", "x.h5");
  }

  private static void await(FaultyDevice faulty) {
    try {
      faulty.struck().await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void shortMemoryIsAWarning() throws Exception {
    FaultyDevice small =
        new FaultyDevice(new EmulatedDevice(0))
            .at(
                Call.ALLOCATE,
                7,
                occasion -> {
                  throw occasion.shortage();
                });
    assertEquals(
        List.of("basin: warning: emulated:0: no memory; going on with fewer restarts at once"),
        run("x.h5", "emulated:0", small).done().messages());
    run("y.h5", "emulated:0", new EmulatedDevice(0)).done();
    assertSameFiles("y.h5", "x.h5");
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void anInterruptedRunOnOpenClGoesOnToTheSameFile() throws Exception {
    PresentOpenCl.require();
    List<String> words = new ArrayList<>(List.of("500"));
    words.addAll(List.of(run("x.h5", "opencl:0")));
    try (BasinProcess basin =
        BasinProcess.start(folder, InterruptedBasin.class, words.toArray(String[]::new))) {
      assertEquals(ExitCode.INTERRUPTED, basin.end(100), basin::err);
      Matcher kept =
          Pattern.compile("basin: warning: stopped: (\\d+) of 6000 restarts are kept .*\\R")
              .matcher(basin.err());
      assertTrue(kept.matches(), basin::err);
      int restarts = Integer.parseInt(kept.group(1));
      assertTrue(0 < restarts && restarts < RESTARTS, basin::err);
    }
    Basin.call(run("x.h5", "opencl:0")).done();
    Basin.call(run("y.h5", "opencl:0")).done();
    assertSameFiles("y.h5", "x.h5");
  }
}
