package org.basinsim.cli;

import java.util.ArrayList;
import java.util.List;
import org.basinsim.backend.Backend;
import org.basinsim.backend.DeviceInfo;
import org.basinsim.backend.WorkSizing;
import picocli.CommandLine.Option;

/** Where a command simulates and how the work is cut. */
final class DeviceOptions {
  private static final String AUTO = "auto";

  @Option(
      names = "--device",
      paramLabel = "DEVICE",
      description =
          "One that 'basin devices' lists, cuda:all, or auto: CUDA, else an OpenCL GPU, else cpu "
              + "(default: ${DEFAULT-VALUE}). One that is not there is an error, never another.")
  private String device = AUTO;

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

  /** Opens the device; says which and why where it was not named. */
  Backend open(Program program, Console console) {
    if (!device.equals(AUTO)) {
      return program.backends().open(device, sizing());
    }
    Backends.Choice choice = program.backends().choose(sizing());
    DeviceInfo chosen = choice.backend().device();
    List<String> words = new ArrayList<>(List.of(chosen.description()));
    words.addAll(choice.passedOver());
    console.info("device " + chosen.name() + ": " + String.join("; ", words));
    return choice.backend();
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
