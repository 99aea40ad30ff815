package org.basinsim.backend.cpu;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleSupplier;
import java.util.stream.Collectors;
import org.basinsim.backend.Backend;
import org.basinsim.model.Outcomes;
import org.basinsim.model.Precision;
import org.basinsim.model.conv.ConvExperiment;
import org.basinsim.model.conv.ConvOutput;
import org.basinsim.model.conv.LearnedReduction;
import org.basinsim.start.ConvStart;

/** Restart-steps a second and the fraction of what the processor can do at most. */
final class Throughput {
  private static final int WARM_UPS = 2;
  private static final int REPEATS = 5;

  /**
   * One figure.
   *
   * @param rate restart-steps a second, median of the repeats
   * @param against what it is compared with
   * @param ratio median of rate ∕ limit, both measured in one repeat
   * @param goal the least ratio to be had
   */
  private record Row(String work, double rate, String against, double ratio, double goal) {
    String json() {
      return String.format(
          Locale.ROOT,
          "{\"work\": \"%s\", \"restart_steps_per_second\": %.4g, \"against\": \"%s\","
              + " \"ratio\": %.3f, \"goal\": %.2f}",
          work,
          rate,
          against,
          ratio,
          goal);
    }

    String line() {
      return String.format(
          Locale.ROOT,
          "%-34s %10.3g  %6.3f of %-28s (goal %.2f)",
          work,
          rate,
          ratio,
          against,
          goal);
    }
  }

  private Throughput() {}

  /** Arguments: the folder of results, then --format json, --record. */
  public static void main(String[] arguments) throws IOException {
    List<String> options = Arrays.asList(arguments).subList(1, arguments.length);
    List<String> known = List.of("--format", "json", "--record");
    for (String option : options) {
      if (!known.contains(option)) {
        System.err.println("throughput: unknown option " + option + "; allowed: " + known);
        System.exit(2);
      }
    }
    List<Row> rows = measure();
    String json = json(rows);
    if (options.contains("json")) {
      System.out.print(json);
    } else {
      System.out.println(CpuBackend.processor() + ", median of " + REPEATS);
      rows.forEach(row -> System.out.println(row.line()));
    }
    if (options.contains("--record")) {
      record(Path.of(arguments[0]), json);
    }
  }

  private static List<Row> measure() {
    List<Row> rows = new ArrayList<>();
    rows.add(direct(8, 8, 64, 1500, 0.72));
    rows.add(direct(16, 16, 128, 250, 0.77));
    rows.add(direct(64, 32, 256, 20, 0.84));
    rows.add(empirical());
    rows.add(ownInputs());
    rows.add(projected());
    rows.add(population());
    rows.add(threads());
    return rows;
  }

  /** Direct online, one thread, 1024 restarts sharing inputs. */
  private static Row direct(int p, int k, int batch, int steps, double goal) {
    ConvExperiment cell = endless(p, k, steps, Work.direct(batch, 1024));
    double flops = 4.0 * batch * k * p + 7.0 * batch * k;
    return row(
        "direct p%d k%d B%d".formatted(p, k, batch),
        () -> rate(cell, 1024),
        "FMA peak, one core",
        () -> Limits.flops() / flops,
        goal);
  }

  private static Row empirical() {
    int p = 16;
    int k = 16;
    int samples = 1000;
    ConvExperiment cell = endless(p, k, 30, Work.empirical(samples, 1));
    double flops = 4.0 * samples * k * p + 7.0 * samples * k;
    return row(
        "empirical p%d k%d N%d".formatted(p, k, samples),
        () -> rate(cell, 1024),
        "FMA peak, one core",
        () -> Limits.flops() / flops,
        0.8 * 0.77);
  }

  private static Row ownInputs() {
    int p = 8;
    int k = 8;
    int batch = 64;
    ConvExperiment cell = endless(p, k, 100, Work.direct(batch, 1));
    return row(
        "direct, own inputs p%d k%d B%d".formatted(p, k, batch),
        () -> rate(cell, 1024),
        "normals, one core",
        () -> Limits.normals() / ((double) batch * k * p),
        0.7);
  }

  private static Row projected() {
    int p = 16;
    int k = 16;
    int batch = 128;
    ConvExperiment cell = endless(p, k, 100, Work.projected(batch));
    return row(
        "projected p%d k%d B%d".formatted(p, k, batch),
        () -> rate(cell, 1024),
        "normals, one core",
        () -> Limits.normals() / (2.0 * batch * k),
        0.7);
  }

  private static Row population() {
    ConvExperiment cell =
        Work.cell(ConvOutput.LEARNED, 6, 25, Work.population(), Precision.DOUBLE, 100_000, 0.05);
    return row(
        "population p6 k25, double",
        () -> rate(cell, 1 << 20),
        "the scalar form, one core",
        () -> scalar(cell, 1 << 14),
        8);
  }

  private static Row threads() {
    int threads = Runtime.getRuntime().availableProcessors();
    ConvExperiment cell = endless(16, 16, 100, Work.direct(128, 1024));
    return row(
        "direct p16 k16 B128, %d threads".formatted(threads),
        () -> wallRate(Work.cpu(threads), cell, 1024 * threads),
        "one thread",
        () -> wallRate(Work.cpu(1), cell, 1024),
        0.95 * threads);
  }

  /** Restarts that all spend their budget: nothing is near. */
  private static ConvExperiment endless(
      int p, int k, int steps, org.basinsim.model.conv.Oracle oracle) {
    return Work.cell(ConvOutput.LEARNED, p, k, oracle, Precision.SINGLE, steps, 0);
  }

  /** Rate and limit are taken in turn, so that both see the same machine. */
  private static Row row(
      String work, DoubleSupplier rate, String against, DoubleSupplier limit, double goal) {
    double[] rates = new double[REPEATS];
    double[] ratios = new double[REPEATS];
    for (int i = -WARM_UPS; i < REPEATS; i++) {
      double measured = rate.getAsDouble();
      double bound = limit.getAsDouble();
      if (i >= 0) {
        rates[i] = measured;
        ratios[i] = measured / bound;
      }
    }
    return new Row(work, Check.median(rates), against, Check.median(ratios), goal);
  }

  /** Of one thread, by processor time. */
  private static double rate(ConvExperiment cell, int restarts) {
    double begin = Limits.processorSeconds();
    List<Outcomes> outcomes = Work.train(Work.cpu(1), cell, restarts);
    return steps(outcomes) / (Limits.processorSeconds() - begin);
  }

  /** Of several threads, by the clock on the wall. */
  private static double wallRate(Backend backend, ConvExperiment cell, int restarts) {
    long begin = System.nanoTime();
    List<Outcomes> outcomes = Work.train(backend, cell, restarts);
    return steps(outcomes) / ((System.nanoTime() - begin) * 1e-9);
  }

  private static long steps(List<Outcomes> outcomes) {
    return outcomes.stream()
        .flatMapToInt(piece -> Arrays.stream(piece.ints("steps")))
        .asLongStream()
        .sum();
  }

  /** Population descent one restart at a time, by the formulas as the model states them. */
  private static double scalar(ConvExperiment cell, int restarts) {
    LearnedReduction reduction = new LearnedReduction(cell.teacher(), cell.stepSize());
    ConvStart start = new ConvStart(cell);
    double begin = Limits.processorSeconds();
    for (int restart = 0; restart < restarts; restart++) {
      reduction.descend(start.state(restart), cell.maxSteps());
    }
    double seconds = Limits.processorSeconds() - begin;
    return steps(Work.train(Work.cpu(1), cell, restarts)) / seconds;
  }

  private static String json(List<Row> rows) {
    return String.format(
        Locale.ROOT,
        "{\"date\": \"%s\", \"processor\": \"%s\", \"java\": \"%s\", \"vector_bits\": %d,"
            + " \"repeats\": %d, \"kept\": \"%s\", \"rows\": [%n  %s%n]}%n",
        LocalDate.now(),
        CpuBackend.processor(),
        Runtime.version(),
        FloatLanes.SPECIES.vectorBitSize(),
        REPEATS,
        Float.isFinite(Limits.kept()),
        rows.stream().map(Row::json).collect(Collectors.joining(",\n  ")));
  }

  private static void record(Path folder, String json) throws IOException {
    String name = LocalDate.now() + "-" + CpuBackend.processor().replaceAll("[^A-Za-z0-9]+", "-");
    Files.createDirectories(folder);
    Path file = folder.resolve(name + ".json");
    for (int n = 2; Files.exists(file); n++) {
      file = folder.resolve(name + "-" + n + ".json");
    }
    Files.writeString(file, json, StandardOpenOption.CREATE_NEW);
    System.err.println("throughput: wrote " + file);
  }
}
