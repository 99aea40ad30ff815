package org.basinsim.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
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
    List<String> remarks = new ArrayList<>();
    for (DeviceFamily family : program.backends().families()) {
      String missing = family.missing().orElse("");
      List<DeviceFamily.Device> devices = family.present();
      String gemm = missing.isEmpty() ? family.gemm().orElse("own") : "";
      devices.forEach(device -> rows.add(row(device.info(), missing, device.automatic(), gemm)));
      family
          .gemm()
          .ifPresent(words -> remarks.add(family.name() + " multiplies matrices by " + words));
      if (!missing.isEmpty()) {
        remarks.add(family.name() + " is not usable: " + missing);
        if (devices.isEmpty() && format != CellFormat.table) {
          rows.add(row(new DeviceInfo(family.name(), "", ""), missing, false, gemm));
        }
      }
    }
    String text = format.write(rows);
    BasinCommand.of(spec)
        .console(spec.commandLine())
        .result(
            format == CellFormat.table
                ? text + remarks.stream().map(line -> line + "\n").collect(Collectors.joining())
                : text);
    return ExitCode.DONE;
  }

  /**
   * For programs also: whether auto may choose it, why it cannot serve, what multiplies matrices.
   */
  private Map<String, Object> row(
      DeviceInfo device, String missing, boolean automatic, String gemm) {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("device", device.name());
    row.put("backend", device.backend());
    row.put("description", device.description());
    if (format != CellFormat.table) {
      row.put("automatic", automatic);
      row.put("gemm", gemm);
      row.put("missing", missing);
    }
    return row;
  }
}
