package org.basinsim.cli;

import java.util.List;
import java.util.concurrent.Callable;
import org.basinsim.backend.DeviceInfo;
import org.basinsim.report.TextTable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Lists what can simulate. */
@Command(
    name = "devices",
    header = "Lists every backend and device.",
    mixinStandardHelpOptions = true)
final class DevicesCommand implements Callable<Integer> {
  private final Program program;
  @Spec private CommandSpec spec;

  DevicesCommand(Program program) {
    this.program = program;
  }

  @Override
  public Integer call() {
    TextTable table = new TextTable(List.of("device", "backend", "description"));
    for (DeviceInfo device : program.backends().devices()) {
      table.add(List.of(device.name(), device.backend(), device.description()));
    }
    BasinCommand.of(spec).console(spec.commandLine()).result(table.toString());
    return ExitCode.DONE;
  }
}
