package org.basinsim.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.basinsim.backend.DeviceInfo;
import org.basinsim.report.CellFormat;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Lists what can simulate, and what is missing where something cannot. */
@Command(
    name = "devices",
    header = "Lists every backend and device, and what is missing where one is not usable.",
    mixinStandardHelpOptions = true)
final class DevicesCommand implements Callable<Integer> {
  private final Program program;
  @Spec private CommandSpec spec;

  @Option(
      names = "--format",
      paramLabel = "FORM",
      description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  private CellFormat format = CellFormat.table;

  DevicesCommand(Program program) {
    this.program = program;
  }

  @Override
  public Integer call() {
    List<Map<String, Object>> rows = new ArrayList<>();
    List<String> unusable = new ArrayList<>();
    for (DeviceFamily family : program.backends().families()) {
      String missing = family.missing().orElse("");
      List<DeviceFamily.Device> devices = family.present();
      devices.forEach(device -> rows.add(row(device.info(), missing, device.automatic())));
      if (!missing.isEmpty()) {
        unusable.add(family.name() + " is not usable: " + missing + "\n");
        if (devices.isEmpty() && format != CellFormat.table) {
          rows.add(row(new DeviceInfo(family.name(), "", ""), missing, false));
        }
      }
    }
    String text = format.write(rows);
    BasinCommand.of(spec)
        .console(spec.commandLine())
        .result(format == CellFormat.table ? text + String.join("", unusable) : text);
    return ExitCode.DONE;
  }

  /** For programs also: whether auto may choose it, and why it cannot serve. */
  private Map<String, Object> row(DeviceInfo device, String missing, boolean automatic) {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("device", device.name());
    row.put("backend", device.backend());
    row.put("description", device.description());
    if (format != CellFormat.table) {
      row.put("automatic", automatic);
      row.put("missing", missing);
    }
    return row;
  }
}
