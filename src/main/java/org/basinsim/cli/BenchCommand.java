package org.basinsim.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.basinsim.backend.Backend;
import org.basinsim.backend.WorkSizing;
import org.basinsim.benchmark.Bench;
import org.basinsim.benchmark.DeviceReport;
import org.basinsim.benchmark.Pace;
import org.basinsim.benchmark.Row;
import org.basinsim.benchmark.Stopwatch;
import org.basinsim.benchmark.Work;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Measures devices. */
@Command(
    name = "bench",
    header = "Measures restart-steps a second and the fraction of the device's limit.",
    description = {
      "One to two minutes a device; every device that is there, or one and the cpu beside it. A "
          + "few restarts of each kind of work are compared with the reference first: wrong "
          + "answers are not timed, and the exit code is 1.",
      "The limit is what the device's own multiply-adds and normals, measured in turn with the "
          + "work, would allow. Figures are medians of five."
    },
    mixinStandardHelpOptions = true)
final class BenchCommand implements Callable<Integer> {
  /** Forms of the result. */
  enum Format {
    table,
    json
  }

  private final Program program;
  @Spec private CommandSpec spec;

  @Option(
      names = "--device",
      paramLabel = "DEVICE",
      description = "One that 'basin devices' lists (default: all).")
  private String device;

  @Option(
      names = "--quick",
      description = "Small sizes, short repeats: whether it works, not how fast it is.")
  private boolean quick;

  @Option(
      names = "--format",
      paramLabel = "FORM",
      description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  private Format format = Format.table;

  BenchCommand(Program program) {
    this.program = program;
  }

  @Override
  public Integer call() {
    Console console = BasinCommand.of(spec).console(spec.commandLine());
    WorkSizing sizing = WorkSizing.automatic();
    Bench bench =
        new Bench(
            program.backends().open("reference", sizing),
            Stopwatch.wall(),
            quick ? Pace.QUICK : Pace.STEADY);
    List<Work> works = quick ? Work.quick() : Work.standard();
    List<DeviceReport> reports = new ArrayList<>();
    boolean bad = false;
    for (String name : devices(sizing)) {
      DeviceReport report =
          bench.measure(
              () -> program.backends().open(name, sizing),
              works,
              row -> console.info(name + ": " + BenchReport.line(row)));
      reports.add(report);
      bad |= report.rows().stream().map(Row::status).anyMatch(Row.Status::bad);
    }
    BenchReport report = new BenchReport(reports);
    console.result(format == Format.json ? report.json() : report.table());
    return bad ? ExitCode.INTERNAL_ERROR : ExitCode.DONE;
  }

  /** What is measured: the device asked for, or all that serve; the CPU last, to compare with. */
  private List<String> devices(WorkSizing sizing) {
    List<String> names = new ArrayList<>();
    if (device == null) {
      names.addAll(program.backends().usable());
      names.remove("reference");
    } else if (device.equals("auto")) {
      try (Backend chosen = program.backends().choose(sizing).backend()) {
        names.add(chosen.device().name());
      }
    } else {
      names.add(device);
    }
    names.remove("cpu");
    names.add("cpu");
    return names;
  }
}
