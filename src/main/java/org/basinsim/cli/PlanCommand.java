package org.basinsim.cli;

import java.util.concurrent.Callable;
import org.basinsim.backend.Backend;
import org.basinsim.campaign.Plan;
import org.basinsim.study.Study;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Says what a study will take. */
@Command(
    name = "plan",
    header = "Says what a study will take: cells, restarts, time and bytes.",
    description =
        "The time, from a pilot of a few seconds, is right within a factor of two. Writes "
            + "nothing.",
    mixinStandardHelpOptions = true)
final class PlanCommand implements Callable<Integer> {
  /** What a run takes beside its restarts: starting, the first use of everything, the table. */
  private static final double START_SECONDS = 1.5;

  private final Program program;
  @Spec private CommandSpec spec;
  @Mixin private StudyOptions studyOptions;
  @Mixin private DeviceOptions deviceOptions;

  PlanCommand(Program program) {
    this.program = program;
  }

  @Override
  public Integer call() {
    Console console = BasinCommand.of(spec).console(spec.commandLine());
    Study study = studyOptions.read(program, console);
    try (Backend backend = deviceOptions.open(program, console)) {
      console.result(text(study, Plan.of(study, backend), backend));
    }
    return ExitCode.DONE;
  }

  private static String text(Study study, Plan plan, Backend backend) {
    return """
    study     %s
    cells     %d
    restarts  %d (%d a cell)
    device    %s
    time      about %s
    results   about %s
    """
        .formatted(
            study.name(),
            plan.cells(),
            plan.restarts(),
            study.perCell(),
            backend.device().name(),
            Amounts.time(START_SECONDS + plan.seconds()),
            Amounts.bytes(plan.bytes()));
  }
}
