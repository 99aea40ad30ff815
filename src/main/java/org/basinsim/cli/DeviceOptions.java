package org.basinsim.cli;

import org.basinsim.backend.Backend;
import org.basinsim.backend.WorkSizing;
import picocli.CommandLine.Option;

/** Where a command simulates and how the work is cut. */
final class DeviceOptions {
  @Option(
      names = "--device",
      paramLabel = "DEVICE",
      description =
          "auto, or one that 'basin devices' lists (default: ${DEFAULT-VALUE}). One that is not there"
              + " is an error, never another.")
  private String device = "auto";

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "CPU threads (default: all). Never changes a result.")
  private Integer threads;

  @Option(
      names = "--launch",
      paramLabel = "N",
      description = "Restarts in one piece of work. Never changes a result.")
  private Integer launch;

  @Option(
      names = "--work-group",
      paramLabel = "N",
      description = "Work-items in a group, where a device has groups. Never changes a result.")
  private Integer workGroup;

  /** Opens the device; says which where it was not named. */
  Backend open(Program program, Console console) {
    Backend backend = program.backends().open(device, sizing());
    if (device.equals("auto")) {
      console.info(
          "device cpu (this version has no GPU backend): " + backend.device().description());
    }
    return backend;
  }

  WorkSizing sizing() {
    WorkSizing automatic = WorkSizing.automatic();
    return new WorkSizing(
        atLeastOne("--threads", threads, automatic.threads()),
        atLeastOne("--launch", launch, automatic.launch()),
        atLeastOne("--work-group", workGroup, automatic.workGroup()));
  }

  private static int atLeastOne(String option, Integer given, int automatic) {
    if (given == null) {
      return automatic;
    }
    if (given < 1) {
      throw new Refusal(
          ExitCode.BAD_USAGE, option + ": " + given + ": too small; allowed: 1 or more");
    }
    return given;
  }
}
