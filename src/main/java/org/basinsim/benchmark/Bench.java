package org.basinsim.benchmark;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.basinsim.backend.Backend;
import org.basinsim.backend.BackendUnavailable;
import org.basinsim.backend.KernelUse;
import org.basinsim.backend.Limits;

/** Times work on a device: first that its answers are right, then how fast they come. */
public final class Bench {
  private final Comparison comparison;
  private final Stopwatch stopwatch;
  private final Pace pace;

  /**
   * @param reference what answers are compared with
   * @param stopwatch takes the time of work and limits
   */
  public Bench(Backend reference, Stopwatch stopwatch, Pace pace) {
    this.comparison = new Comparison(reference);
    this.stopwatch = stopwatch;
    this.pace = pace;
  }

  /**
   * Measures a device.
   *
   * @param open opens it; once more after work that failed, which may leave it useless
   * @param told gets each row as soon as it is there
   * @throws BackendUnavailable where it cannot be opened
   */
  public DeviceReport measure(Supplier<Backend> open, List<Work> works, Consumer<Row> told) {
    Bounds bounds = new Bounds(stopwatch, pace.limitSeconds());
    List<Row> rows = new ArrayList<>();
    Set<KernelUse> kernels = new LinkedHashSet<>();
    Backend backend = open.get();
    Optional<Limits> limits = backend.limits();
    for (Work work : works) {
      Row row = row(backend, limits, bounds, work);
      rows.add(row);
      told.accept(row);
      kernels.addAll(backend.kernels());
      if (row.status() == Row.Status.FAILED) {
        limits.ifPresent(Limits::close);
        backend.close();
        backend = open.get();
        limits = backend.limits();
      }
    }
    limits.ifPresent(Limits::close);
    DeviceReport report =
        new DeviceReport(
            backend.device(), backend.versions(), bounds.all(), rows, List.copyOf(kernels));
    backend.close();
    return report;
  }

  private Row row(Backend backend, Optional<Limits> limits, Bounds bounds, Work work) {
    double begin = stopwatch.clock().getAsDouble();
    try (Training training = new Training(backend, work.experiment())) {
      double prepared = stopwatch.clock().getAsDouble() - begin;
      return timed(backend, limits, bounds, work, training, prepared);
    } catch (BackendUnavailable e) {
      return Row.untimed(work, Row.Status.UNAVAILABLE, e.getMessage());
    } catch (RuntimeException e) {
      // Whatever a device throws: other work is measured all the same.
      return failed(work, e);
    }
  }

  private Row timed(
      Backend backend,
      Optional<Limits> limits,
      Bounds bounds,
      Work work,
      Training training,
      double prepared) {
    try {
      Optional<String> difference = comparison.difference(work, training);
      if (difference.isPresent()) {
        return Row.untimed(work, Row.Status.WRONG, difference.get());
      }
      Load load = Load.filling(backend, work, training, stopwatch, pace.workSeconds());
      Speed speed = speed(backend, limits, bounds, load);
      Optional<Bounds.Quantity> boundBy = limits.map(_ -> bounds.tightest(work));
      Row.Measured measured =
          new Row.Measured(
              speed, boundBy, load.restarts(), load.work().experiment().maxSteps(), prepared);
      return new Row(work, Row.Status.TIMED, "", Optional.of(measured));
    } catch (BackendUnavailable e) {
      // It could serve when it was asked, and was lost at work.
      return failed(work, e);
    }
  }

  private static Row failed(Work work, RuntimeException e) {
    String message = e.getMessage() == null ? e.toString() : e.getMessage();
    return Row.untimed(work, Row.Status.FAILED, message.lines().findFirst().orElse(""));
  }

  private Speed speed(Backend backend, Optional<Limits> limits, Bounds bounds, Load load) {
    try (Training training = new Training(backend, load.work().experiment())) {
      return Speed.inTurn(
          pace.repeats(),
          () -> stopwatch.rate(() -> training.steps(load.restarts())),
          () -> limits.map(l -> bounds.restartSteps(l, load.work())).orElse(Double.NaN));
    }
  }
}
