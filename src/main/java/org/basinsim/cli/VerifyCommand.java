package org.basinsim.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.basinsim.backend.Backend;
import org.basinsim.backend.WorkSizing;
import org.basinsim.report.CellFormat;
import org.basinsim.verification.Check;
import org.basinsim.verification.Tier;
import org.basinsim.verification.Verification;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Compares a device with the reference. */
@Command(
    name = "verify",
    header = "Compares a device with the reference.",
    description =
        "Known answers, gradients, short trajectories and outcomes of whole restarts, a line for "
            + "each check: the worst deviation met and the most that is accepted there, in unit "
            + "roundoffs of the precision, in words or restarts that differ, or as the p-value of an "
            + "exact test. Ends with exit code 1 where a check fails. What a device does not have, "
            + "such as double precision, is not available and no failure.",
    mixinStandardHelpOptions = true)
final class VerifyCommand implements Callable<Integer> {
  private final Program program;
  @Spec private CommandSpec spec;
  @Mixin private DeviceOptions deviceOptions;

  @Option(
      names = "--format",
      paramLabel = "FORM",
      description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  private CellFormat format = CellFormat.table;

  VerifyCommand(Program program) {
    this.program = program;
  }

  @Override
  public Integer call() {
    Console console = BasinCommand.of(spec).console(spec.commandLine());
    try (Backend device = deviceOptions.open(program, console);
        Backend reference = program.backends().open("reference", WorkSizing.automatic())) {
      return verify(device, reference, console);
    }
  }

  private int verify(Backend device, Backend reference, Console console) {
    Verification verification = new Verification(device, reference);
    List<Check> checks = new ArrayList<>();
    for (Tier tier : Tier.values()) {
      console.info("comparing " + tier.title());
      checks.addAll(verification.checks(tier));
    }
    console.result(format.write(checks.stream().map(this::row).toList()));
    List<Check> failed = checks.stream().filter(Check::fails).toList();
    if (!failed.isEmpty()) {
      console.error(
          "%s does not agree with the reference: %d of %d checks failed: %s"
              .formatted(device.device().name(), failed.size(), checks.size(), names(failed)));
      return ExitCode.FAILED_VERIFICATION;
    }
    if (format == CellFormat.table) {
      console.result(summary(checks));
    }
    return ExitCode.DONE;
  }

  private Map<String, Object> row(Check check) {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("tier", check.tier().word());
    row.put("check", check.what());
    row.put("result", check.result());
    row.put("deviation", digits(check.deviation()));
    row.put("tolerance", digits(check.tolerance()));
    row.put("unit", check.unit());
    if (format != CellFormat.table) {
      row.put("missing", check.missing());
    }
    return row;
  }

  /** Three digits for people, all of them for programs. */
  private Object digits(double value) {
    boolean rounded = format == CellFormat.table && value != Math.rint(value);
    return rounded && Double.isFinite(value)
        ? (value < 100 ? "%.2f" : "%.0f").formatted(value)
        : value;
  }

  private static String summary(List<Check> checks) {
    long held = checks.stream().filter(Check::holds).count();
    String summary = "verified: " + held + " checks";
    if (held == checks.size()) {
      return summary;
    }
    String missing =
        checks.stream()
            .filter(check -> !check.available())
            .map(Check::missing)
            .distinct()
            .collect(Collectors.joining("; "));
    return summary + "; " + (checks.size() - held) + " not available: " + missing;
  }

  private static String names(List<Check> checks) {
    return checks.stream()
        .map(check -> check.tier().word() + " (" + check.what() + ")")
        .collect(Collectors.joining("; "));
  }
}
