package org.basinsim.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.basinsim.backend.Backend;
import org.basinsim.quadrature.ExactProbability;
import org.basinsim.report.CellFormat;
import org.basinsim.study.Cell;
import org.basinsim.study.Study;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Success probabilities without Monte Carlo. */
@Command(
    name = "exact",
    header = "Prints success probabilities without Monte Carlo.",
    description =
        "By quadrature, to six digits, with an estimate of the error; says to which cells that "
            + "does not apply. csv and json have all digits.",
    mixinStandardHelpOptions = true)
final class ExactCommand implements Callable<Integer> {
  private final Program program;
  @Spec private CommandSpec spec;
  @Mixin private StudyOptions studyOptions;
  @Mixin private DeviceOptions deviceOptions;

  @Option(
      names = "--format",
      paramLabel = "FORM",
      description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  private CellFormat format = CellFormat.table;

  ExactCommand(Program program) {
    this.program = program;
  }

  @Override
  public Integer call() {
    Console console = BasinCommand.of(spec).console(spec.commandLine());
    Study study = studyOptions.read(program, console);
    List<Optional<ExactProbability>> exact;
    try (Backend backend = deviceOptions.open(program, console)) {
      exact = probabilities(study, backend, deviceOptions.sizing().threads(), console);
    }
    List<Map<String, Object>> rows = new ArrayList<>();
    for (int c = 0; c < study.cells().size(); c++) {
      Map<String, Object> row = new LinkedHashMap<>();
      for (int i = 0; i < study.sweptKeys().size(); i++) {
        row.put(study.sweptKeys().get(i), study.cells().get(c).values().get(i));
      }
      double probability = exact.get(c).map(ExactProbability::probability).orElse(Double.NaN);
      double error = exact.get(c).map(ExactProbability::error).orElse(Double.NaN);
      // Six digits for people, all of them for programs.
      boolean rounded = format == CellFormat.table && !Double.isNaN(probability);
      row.put("exact", rounded ? "%.6f".formatted(probability) : probability);
      row.put("error", rounded ? "%.1e".formatted(error) : error);
      rows.add(row);
    }
    console.result(format.write(rows));
    return ExitCode.DONE;
  }

  /**
   * The exact probability of each cell, empty where it does not apply; says once for each reason
   * how many cells it does not apply to.
   */
  static List<Optional<ExactProbability>> probabilities(
      Study study, Backend backend, int threads, Console console) {
    Map<String, Integer> reasons = new LinkedHashMap<>();
    for (Cell cell : study.cells()) {
      ExactProbability.inapplicable(cell.experiment())
          .ifPresent(reason -> reasons.merge(reason, 1, Integer::sum));
    }
    reasons.forEach((reason, cells) ->
        console.warn("exact does not apply to " + cells + " of the cells: " + reason));
    return Parallel.map(
        study.cells(),
        threads,
        cell ->
            ExactProbability.inapplicable(cell.experiment()).isPresent()
                ? Optional.empty()
                : Optional.of(ExactProbability.of(cell.experiment(), backend.probe())));
  }
}
