package org.basinsim.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.basinsim.backend.Backend;
import org.basinsim.backend.Sink;
import org.basinsim.backend.Trainer;
import org.basinsim.backend.WorkSizing;
import org.basinsim.model.Column;
import org.basinsim.model.Experiment;
import org.basinsim.model.Outcomes;
import org.basinsim.model.RestartRange;
import org.basinsim.report.TextTable;
import org.basinsim.results.ResultsFile;
import org.basinsim.results.Rows;
import org.basinsim.study.Study;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Trains one recorded restart again in the reference and compares. */
@Command(
    name = "replay",
    header = "Trains one restart again in the reference and compares.",
    description =
        "Prints the restart's trajectory, then every recorded column beside what the reference "
            + "gives. Ends with exit code 4 where one differs by more than its stated tolerance.",
    mixinStandardHelpOptions = true)
final class ReplayCommand implements Callable<Integer> {
  private static final int TRAJECTORY_ROWS = 24;

  private final Program program;
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "FILE.h5", description = "A results file.")
  private Path file;

  @Option(names = "--cell", required = true, paramLabel = "C", description = "Cell, from 0.")
  private int cell;

  @Option(names = "--restart", required = true, paramLabel = "I", description = "Index, from 0.")
  private long restart;

  @Option(
      names = "--folder",
      paramLabel = "FOLDER",
      description = "Where relative paths of the study start (default: beside the results file).")
  private Path folder;

  ReplayCommand(Program program) {
    this.program = program;
  }

  @Override
  public Integer call() {
    Console console = BasinCommand.of(spec).console(spec.commandLine());
    ResultsFile results = ResultsFile.open(file);
    if (cell < 0 || cell >= results.cells()) {
      throw new Refusal(
          ExitCode.BAD_USAGE,
          "--cell: " + cell + ": no such cell; allowed: 0 to " + (results.cells() - 1));
    }
    Rows recorded =
        results
            .row(cell, restart)
            .orElseThrow(() ->
                new Refusal(
                    ExitCode.BAD_USAGE,
                    "--restart: "
                        + restart
                        + ": not among the rows of cell "
                        + cell
                        + "; "
                        + (results.countsOnly()
                            ? "the file keeps counts only"
                            : "allowed: 0 to " + (results.counts("restarts")[cell] - 1))));
    Study study =
        program.studies().parse(results.study(), file + " /study", studyFolder(), List.of());
    Experiment experiment = study.cells().get(cell).experiment();
    try (Backend reference = program.backends().open("reference", WorkSizing.automatic())) {
      Outcomes replayed = train(reference, experiment, restart);
      console.result(trajectory(reference, experiment, replayed.ints("steps")[0]));
      return compare(console, experiment, recorded, replayed);
    }
  }

  private Path studyFolder() {
    return folder == null ? file.toAbsolutePath().getParent() : folder.toAbsolutePath();
  }

  private static Outcomes train(Backend backend, Experiment experiment, long restart) {
    List<Outcomes> delivered = new ArrayList<>();
    Sink sink =
        new Sink() {
          @Override
          public void accept(Outcomes outcomes) {
            delivered.add(outcomes);
          }

          @Override
          public boolean stopped() {
            return false;
          }
        };
    try (Trainer trainer = backend.prepare(List.of(experiment))) {
      trainer.train(List.of(new RestartRange(0, restart, 1)), sink);
    }
    return delivered.getFirst();
  }

  /** The states at the first steps, then ever further apart, and at the last. */
  private String trajectory(Backend reference, Experiment experiment, int steps) {
    double[][] states = reference.probe().trajectory(experiment, restart, steps);
    List<String> header = new ArrayList<>(List.of("step"));
    header.addAll(experiment.invariants());
    TextTable table = new TextTable(header);
    int step = 0;
    while (true) {
      List<String> row = new ArrayList<>(List.of(Integer.toString(step)));
      for (double value : states[step]) {
        row.add("%.9g".formatted(value));
      }
      table.add(row);
      if (step == steps) {
        return table.toString();
      }
      step = Math.min(steps, Math.max(step + 1, (int) (step * spacing(steps))));
    }
  }

  private static double spacing(int steps) {
    return Math.pow(Math.max(2, steps), 1.0 / TRAJECTORY_ROWS);
  }

  private static int compare(
      Console console, Experiment experiment, Rows recorded, Outcomes replayed) {
    TextTable table = new TextTable(List.of("column", "recorded", "reference", "tolerance", ""));
    boolean agrees = true;
    for (Column column : experiment.columns()) {
      Object there = recorded.array(column.name());
      Object here = replayed.array(column.name());
      int worst = worst(column, there, here);
      boolean accepted = column.tolerance().accepts(number(there, worst), number(here, worst));
      agrees &= accepted;
      table.add(
          List.of(
              column.name() + (column.size() == 1 ? "" : "[" + worst + "]"),
              text(number(there, worst)),
              text(number(here, worst)),
              text(column.tolerance()),
              accepted ? "agrees" : "DISAGREES"));
    }
    console.result(table.toString());
    if (!agrees) {
      console.error("the recorded row is not what the reference gives");
    }
    return agrees ? ExitCode.DONE : ExitCode.BAD_RESULTS;
  }

  private static String text(Column.Tolerance tolerance) {
    if (Double.isInfinite(tolerance.absolute())) {
      return "any";
    }
    return tolerance.equals(Column.Tolerance.EXACT)
        ? "none"
        : "%.1e + %.1e relative".formatted(tolerance.absolute(), tolerance.relative());
  }

  /** Where a column agrees least: the first number outside the tolerance, else the first of all. */
  private static int worst(Column column, Object there, Object here) {
    for (int i = 0; i < column.size(); i++) {
      if (!column.tolerance().accepts(number(there, i), number(here, i))) {
        return i;
      }
    }
    return 0;
  }

  private static double number(Object array, int at) {
    return switch (array) {
      case byte[] bytes -> bytes[at] & 0xff;
      case int[] ints -> ints[at];
      case double[] reals -> reals[at];
      default -> throw new IllegalStateException("a column of " + array.getClass());
    };
  }

  private static String text(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e9
        ? Long.toString((long) value)
        : "%.12g".formatted(value);
  }
}
