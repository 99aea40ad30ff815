package org.basinsim.benchmark;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.basinsim.backend.Limits;
import org.basinsim.backend.WorkSizing;
import org.basinsim.backend.cpu.CpuBackend;
import org.basinsim.backend.cpu.DeepProducts;
import org.basinsim.backend.reference.ReferenceBackend;
import org.basinsim.model.Column;
import org.basinsim.model.Outcomes;
import org.basinsim.model.Precision;
import org.basinsim.model.Streams;
import org.basinsim.model.conv.ConvExperiment;
import org.basinsim.model.conv.ConvOutput;
import org.basinsim.model.conv.Descent;
import org.basinsim.model.conv.Inputs;
import org.basinsim.model.conv.LearnedReduction;
import org.basinsim.model.conv.Network;
import org.basinsim.model.conv.Oracle;
import org.basinsim.model.conv.OutcomeRule;
import org.basinsim.model.conv.StartLaw;
import org.basinsim.model.conv.Teacher;
import org.basinsim.model.deep.Activation;
import org.basinsim.model.deep.Architecture;
import org.basinsim.model.deep.DeepExperiment;
import org.basinsim.model.deep.DeepNetwork;
import org.basinsim.model.deep.DeepRule;
import org.basinsim.model.deep.Labels;
import org.basinsim.model.deep.Recorded;
import org.basinsim.model.deep.Samples;
import org.basinsim.model.deep.StepSize;
import org.basinsim.model.deep.Varies;
import org.basinsim.start.ConvStart;

/** The processor's throughput against this project's goals, one core at a time. */
final class Throughput {
  private static final Pace PACE = new Pace(0.5, 0.35, 5);

  /** Processor time: a machine that others use too distorts it little. Of one busy thread. */
  private static final Stopwatch PROCESSOR =
      new Stopwatch(() ->
          ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime()
              * 1e-9);

  /** What is compared with a limit, and the least fraction to be had. */
  private enum Line {
    SMALL(Work.direct(8, 8, 64, 1024, Precision.SINGLE), 0.72),
    MIDDLE(Work.direct(16, 16, 128, 1024, Precision.SINGLE), 0.77),
    LARGE(Work.direct(64, 32, 256, 1024, Precision.SINGLE), 0.84),
    EMPIRICAL(Work.empirical(16, 16, 1000, Precision.SINGLE), 0.8 * 0.77),
    OWN_INPUTS(Work.direct(8, 8, 64, 1, Precision.SINGLE), 0.7),
    PROJECTED(Work.projected(16, 16, 128, Precision.SINGLE), 0.7);

    private final Work work;
    private final double goal;

    Line(Work work, double goal) {
      this.work = work;
      this.goal = goal;
    }
  }

  /**
   * One figure.
   *
   * @param against what it is compared with
   * @param goal the least ratio to be had
   */
  private record Figure(String work, Speed speed, String against, double goal) {
    String json() {
      return String.format(
          Locale.ROOT,
          "{\"work\": \"%s\", \"restart_steps_per_second\": %.4g, \"against\": \"%s\","
              + " \"ratio\": %.3f, \"goal\": %.2f}",
          work,
          speed.rate(),
          against,
          speed.fraction(),
          goal);
    }

    String line() {
      return String.format(
          Locale.ROOT,
          "%-58s %10.3g  %6.3f of %-28s (goal %.2f)",
          work,
          speed.rate(),
          speed.fraction(),
          against,
          goal);
    }
  }

  private static final int DEEP_WIDTH = 256;
  private static final int DEEP_DEPTH = 3;
  private static final int DEEP_INPUT_SIZE = 20;
  private static final int DEEP_SAMPLES = 100;
  private static final String DEEP =
      " m%d H%d d%d n%d, single".formatted(DEEP_WIDTH, DEEP_DEPTH, DEEP_INPUT_SIZE, DEEP_SAMPLES);

  private Throughput() {}

  /** Arguments: the folder of results, then --check, or --format json, --record. */
  public static void main(String[] arguments) throws IOException {
    List<String> options = Arrays.asList(arguments).subList(1, arguments.length);
    List<String> known = List.of("--check", "--format", "json", "--record");
    for (String option : options) {
      if (!known.contains(option)) {
        System.err.println("throughput: unknown option " + option + "; allowed: " + known);
        System.exit(2);
      }
    }
    if (options.contains("--check")) {
      System.exit(check() ? 0 : 1);
    }
    List<Figure> figures = measure();
    String json = json(figures);
    if (options.contains("json")) {
      System.out.print(json);
    } else {
      System.out.println(description() + ", median of " + PACE.repeats());
      figures.forEach(figure -> System.out.println(figure.line()));
    }
    if (options.contains("--record")) {
      record(Path.of(arguments[0]), json);
    }
  }

  /** Whether the reference gives the same answers. */
  private static boolean check() {
    Comparison comparison = new Comparison(new ReferenceBackend());
    boolean right = true;
    for (Work work : Work.standard()) {
      try (Training training = new Training(cpu(2), work.experiment())) {
        Optional<String> difference = comparison.difference(work, training);
        difference.ifPresent(
            text -> System.err.println("throughput: not timed: " + work + ": " + text));
        right &= difference.isEmpty();
      }
    }
    return right & deepIsRight();
  }

  /** A restart of two steps of few inputs: the reference takes a second. */
  private static boolean deepIsRight() {
    DeepExperiment brief = deep(2, true, 11);
    try (Training training = new Training(cpu(1), brief);
        Training arbiter = new Training(new ReferenceBackend(), brief)) {
      Outcomes found = training.outcomes(0, 1).getFirst();
      Outcomes expected = arbiter.outcomes(0, 1).getFirst();
      boolean right = true;
      for (String name : List.of("start_loss", "loss", "step_size")) {
        double is = found.reals(name)[0];
        double should = expected.reals(name)[0];
        Column.Tolerance tolerance =
            brief.columns().stream()
                .filter(column -> column.name().equals(name))
                .findFirst()
                .orElseThrow()
                .tolerance();
        if (!tolerance.accepts(is, should)) {
          System.err.println(
              "throughput: not timed: deep" + DEEP + ": " + name + " is " + is + ", not " + should);
          right = false;
        }
      }
      return right;
    }
  }

  private static List<Figure> measure() {
    List<Figure> figures = new ArrayList<>();
    try (Limits limits = cpu(1).limits().orElseThrow()) {
      Bounds bounds = new Bounds(PROCESSOR, PACE.limitSeconds());
      for (Line line : Line.values()) {
        Speed speed = speed(line.work, limits, bounds);
        String against = bounds.tightest(line.work).word().replace('_', '-') + ", one core";
        figures.add(new Figure(line.work.toString(), speed, against, line.goal));
      }
    }
    figures.add(population());
    figures.add(deepProducts());
    figures.add(deepSteps());
    figures.add(deepKernels());
    figures.add(threads());
    return figures;
  }

  private static Speed speed(Work work, Limits limits, Bounds bounds) {
    Load load;
    try (Training brief = new Training(cpu(1), work.experiment())) {
      load = Load.filling(cpu(1), work, brief, PROCESSOR, PACE.workSeconds());
    }
    try (Training training = new Training(cpu(1), load.work().experiment())) {
      return Speed.inTurn(
          PACE.repeats(),
          () -> PROCESSOR.rate(() -> training.steps(load.restarts())),
          () -> bounds.restartSteps(limits, load.work()));
    }
  }

  /** Starts, descent to the verdict, loss and angle, against the formulas as the model has them. */
  private static Figure population() {
    ConvExperiment cell =
        new ConvExperiment(
            new Network(ConvOutput.LEARNED, 6),
            Teacher.ofRatio(25, 6, 1, 1, 4),
            new StartLaw(StartLaw.Filter.SPHERE, StartLaw.Output.BALL, 0.4, false),
            new Inputs.Gaussian(),
            new Oracle.Population(),
            new Descent(0.05, 100_000),
            new OutcomeRule(OutcomeRule.Stop.VERDICT, 0.05, 0.05, 0.05, 0.0025, 0.0025),
            EnumSet.of(
                org.basinsim.model.conv.Recorded.LOSS, org.basinsim.model.conv.Recorded.ANGLE),
            20260,
            Streams.INDEPENDENT,
            Precision.DOUBLE);
    int few = 1 << 14;
    LearnedReduction reduction = new LearnedReduction(cell.teacher(), cell.stepSize());
    ConvStart start = new ConvStart(cell);
    try (Training training = new Training(cpu(1), cell)) {
      long fewSteps = training.steps(few);
      // Twice: the first is warm-up.
      Speed speed = null;
      for (int round = 0; round < 2; round++) {
        speed =
            Speed.inTurn(
                PACE.repeats(),
                () -> PROCESSOR.rate(() -> training.steps(1 << 20)),
                () ->
                    PROCESSOR.rate(() -> {
                      for (int restart = 0; restart < few; restart++) {
                        reduction.descend(start.state(restart), cell.maxSteps());
                      }
                      return fewSteps;
                    }));
      }
      return new Figure("population p6 k25 to the verdict, double", speed, "the scalar form", 8);
    }
  }

  /** The matrix products alone, of as many steps as they would serve. */
  private static Figure deepProducts() {
    DeepProducts products = new DeepProducts(DEEP_WIDTH, DEEP_DEPTH, DEEP_INPUT_SIZE, DEEP_SAMPLES);
    return deep("deep products", () -> products.steps(200), 0.6);
  }

  /** Whole steps: products, activations, transposing, residuals; start and end of a restart. */
  private static Figure deepSteps() {
    try (Training training = new Training(cpu(1), deep(300, false, DEEP_SAMPLES))) {
      return deep("deep steps", () -> training.steps(1), 0.5);
    }
  }

  /** Beside what multiply-adds allow the products alone. */
  private static Figure deep(String what, LongSupplier work, double goal) {
    double needed =
        DeepProducts.multiplyAdds(DEEP_WIDTH, DEEP_DEPTH, DEEP_INPUT_SIZE, DEEP_SAMPLES);
    try (Limits limits = cpu(1).limits().orElseThrow()) {
      // Twice: the first is warm-up.
      Speed speed = null;
      for (int round = 0; round < 2; round++) {
        speed =
            Speed.inTurn(
                PACE.repeats(),
                () -> PROCESSOR.rate(work),
                () ->
                    PROCESSOR.rate(() -> limits.multiplyAdds(Precision.SINGLE, PACE.limitSeconds()))
                        / needed);
      }
      return new Figure(what + DEEP, speed, "multiply-adds, one core", goal);
    }
  }

  /** A run of 1000 steps with the kernels of start and end, against one without. */
  private static Figure deepKernels() {
    try (Training with = new Training(cpu(1), deep(1000, true, DEEP_SAMPLES));
        Training without = new Training(cpu(1), deep(1000, false, DEEP_SAMPLES))) {
      Speed speed =
          Speed.inTurn(
              PACE.repeats(),
              () -> PROCESSOR.rate(() -> with.steps(1)),
              () -> PROCESSOR.rate(() -> without.steps(1)));
      return new Figure("deep run of 1000 steps, kernels" + DEEP, speed, "the same without", 0.85);
    }
  }

  private static DeepExperiment deep(int steps, boolean kernels, int samples) {
    return new DeepExperiment(
        new DeepNetwork(
            Architecture.FULLY_CONNECTED,
            DEEP_WIDTH,
            DEEP_DEPTH,
            DEEP_INPUT_SIZE,
            1,
            1,
            Activation.SOFTPLUS,
            0.5),
        new Samples.Sphere(samples, Labels.NORMAL),
        Varies.BOTH,
        kernels ? new StepSize(0.5, true) : new StepSize(1e-3, false),
        steps,
        new DeepRule(1e-12),
        kernels
            ? EnumSet.of(Recorded.LOSS, Recorded.RATE, Recorded.KERNELS, Recorded.MOVEMENT)
            : EnumSet.of(Recorded.LOSS, Recorded.MOVEMENT),
        20260,
        Streams.INDEPENDENT,
        Precision.SINGLE);
  }

  /** All threads, 1024 restarts each, against one, by the clock on the wall. */
  private static Figure threads() {
    int threads = Runtime.getRuntime().availableProcessors();
    Work work = Work.direct(16, 16, 128, 1024, Precision.SINGLE).lasting(100);
    try (Training all = new Training(cpu(threads), work.experiment());
        Training one = new Training(cpu(1), work.experiment())) {
      Speed speed = null;
      for (int round = 0; round < 2; round++) {
        speed =
            Speed.inTurn(
                PACE.repeats(),
                () -> Stopwatch.wall().rate(() -> all.steps(1024L * threads)),
                () -> Stopwatch.wall().rate(() -> one.steps(1024)));
      }
      return new Figure(work + ", " + threads + " threads", speed, "one thread", 0.95 * threads);
    }
  }

  private static CpuBackend cpu(int threads) {
    return new CpuBackend(new WorkSizing(threads, 0, 0));
  }

  private static String description() {
    return cpu(1).device().description();
  }

  private static String json(List<Figure> figures) {
    return String.format(
        Locale.ROOT,
        "{\"date\": \"%s\", \"processor\": \"%s\", \"java\": \"%s\", \"repeats\": %d,"
            + " \"rows\": [%n  %s%n]}%n",
        LocalDate.now(),
        description(),
        Runtime.version(),
        PACE.repeats(),
        figures.stream().map(Figure::json).collect(Collectors.joining(",\n  ")));
  }

  private static void record(Path folder, String json) throws IOException {
    String processor = description().replaceFirst(", [^,]*$", "");
    String name = LocalDate.now() + "-" + processor.replaceAll("[^A-Za-z0-9]+", "-");
    Files.createDirectories(folder);
    Path file = folder.resolve(name + ".json");
    for (int n = 2; Files.exists(file); n++) {
      file = folder.resolve(name + "-" + n + ".json");
    }
    Files.writeString(file, json, StandardOpenOption.CREATE_NEW);
    System.err.println("throughput: wrote " + file);
  }
}
