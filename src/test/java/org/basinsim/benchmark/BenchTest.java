package org.basinsim.benchmark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.basinsim.backend.KernelUse;
import org.basinsim.backend.WorkSizing;
import org.basinsim.backend.cpu.CpuBackend;
import org.basinsim.backend.reference.ReferenceBackend;
import org.basinsim.benchmark.ModelDevice.Fault;
import org.basinsim.model.Outcome;
import org.basinsim.model.Outcomes;
import org.basinsim.model.Precision;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Benchmarks of a device whose speed is known, on its own clock. */
class BenchTest {
  private final double[] clock = new double[1];
  private int opened;

  private DeviceReport measure(Fault fault, Work... works) {
    Bench bench = new Bench(new ReferenceBackend(), new Stopwatch(() -> clock[0]), Pace.STEADY);
    List<Row> told = new ArrayList<>();
    DeviceReport report =
        bench.measure(
            () -> {
              opened++;
              return new ModelDevice("model:0", fault, clock);
            },
            List.of(works),
            told::add);
    assertEquals(told, report.rows());
    return report;
  }

  @Test
  void ratesAndLimitsAreTheDevices() {
    Work own = Work.direct(8, 8, 64, 1, Precision.SINGLE);
    Work shared = Work.direct(8, 8, 64, 1024, Precision.DOUBLE);
    DeviceReport report = measure(Fault.NONE, own, shared);
    List<Row.Measured> measured =
        report.rows().stream().map(row -> row.measured().orElseThrow()).toList();
    for (Row.Measured row : measured) {
      // What is left to gain by more restarts, a twentieth twice, and the call's share of the time.
      assertTrue(row.speed().rate() <= ModelDevice.PEAK * (1 + 1e-9), row::toString);
      assertTrue(row.speed().rate() > 0.9 * ModelDevice.PEAK, row::toString);
      double seconds = row.restarts() * (double) row.steps() / row.speed().rate();
      assertTrue(seconds > 0.8 * Pace.STEADY.workSeconds(), row::toString);
      assertTrue(seconds < 2 * Pace.STEADY.workSeconds(), row::toString);
      assertEquals(row.speed().rate() / row.speed().limit(), row.speed().fraction(), 1e-9);
      assertEquals(0, row.restarts() % 64);
    }
    // 64·8·8 normals against 64·8·(4·8 + 7) flops; shared by 1024, four.
    assertEquals(ModelDevice.NORMALS / 4096, measured.get(0).speed().limit(), 1);
    assertEquals(Optional.of(Bounds.Quantity.NORMALS), measured.get(0).boundBy());
    assertEquals(ModelDevice.MULTIPLY_ADDS / 19968, measured.get(1).speed().limit(), 1);
    assertEquals(Optional.of(Bounds.Quantity.MULTIPLY_ADDS), measured.get(1).boundBy());
    assertEquals(0, measured.get(1).restarts() % 1024);
    assertEquals(
        List.of(
            ModelDevice.MULTIPLY_ADDS,
            ModelDevice.MULTIPLY_ADDS / 2,
            ModelDevice.NORMALS,
            ModelDevice.NORMALS / 2),
        report.limits().stream().map(limit -> (double) Math.round(limit.perSecond())).toList());
    assertEquals(1, opened);
    assertEquals(
        List.of(
            new KernelUse("step, single", 72, 0, 1024), new KernelUse("step, double", 72, 0, 1024)),
        report.kernels());
  }

  @Test
  void wrongAnswersAreNotTimed() {
    Row row = measure(Fault.WRONG, Work.direct(8, 8, 64, 64, Precision.SINGLE)).rows().getFirst();
    assertEquals(Row.Status.WRONG, row.status());
    assertTrue(row.status().bad());
    assertEquals(Optional.empty(), row.measured());
    // The last four of one group and the first four of the next are compared.
    assertTrue(row.remark().matches("restart 60: loss is 0\\.\\d+, not 0\\.\\d+"), row.remark());
    assertEquals(0, clock[0]);
  }

  @ParameterizedTest
  @EnumSource(names = {"FAILS", "IS_LOST"})
  void aDeviceThatFailsIsOpenedAgainForTheOtherWork(Fault fault) {
    List<Row> rows =
        measure(
                fault,
                Work.population(6, 25, Precision.SINGLE),
                Work.population(6, 25, Precision.DOUBLE),
                Work.projected(8, 8, 64, Precision.SINGLE))
            .rows();
    assertEquals(
        List.of(Row.Status.TIMED, Row.Status.FAILED, Row.Status.TIMED),
        rows.stream().map(Row::status).toList());
    assertEquals("lost", rows.get(1).remark());
    assertTrue(rows.get(1).status().bad());
    assertEquals(2, opened);
  }

  @Test
  void whatADeviceCannotServeIsNoDefect() {
    Row row =
        measure(Fault.SINGLE_ONLY, Work.population(6, 25, Precision.DOUBLE)).rows().getFirst();
    assertEquals(Row.Status.UNAVAILABLE, row.status());
    assertEquals("model:0: no double precision; set precision = \"single\"", row.remark());
    assertTrue(!row.status().bad());
  }

  @Test
  void withoutLimitsThereIsNoFraction() {
    DeviceReport report = measure(Fault.LIMITLESS, Work.population(6, 25, Precision.SINGLE));
    Row.Measured measured = report.rows().getFirst().measured().orElseThrow();
    assertTrue(measured.speed().rate() > 0);
    assertTrue(Double.isNaN(measured.speed().fraction()));
    assertEquals(Optional.empty(), measured.boundBy());
    assertEquals(List.of(), report.limits());
  }

  /** Steps are what is counted: no threshold ends a restart before its budget. */
  @ParameterizedTest
  @MethodSource("org.basinsim.benchmark.Work#quick")
  void everyRestartSpendsItsBudget(Work work) {
    int restarts = 40;
    int steps = 3 * work.experiment().maxSteps();
    CpuBackend cpu = new CpuBackend(new WorkSizing(2, 0, 0));
    try (Training training = new Training(cpu, work.lasting(steps).experiment())) {
      int rows = 0;
      for (Outcomes piece : training.outcomes(0, restarts)) {
        for (int row = 0; row < piece.rows(); row++, rows++) {
          assertEquals(steps, piece.ints("steps")[row]);
          assertEquals(Outcome.UNDECIDED.code(), piece.bytes("outcome")[row]);
        }
      }
      assertEquals(restarts, rows);
      assertEquals((long) restarts * steps, training.steps(restarts));
    }
  }

  @Test
  void coversEveryOracleSamplingAndPrecision() {
    for (Precision precision : Precision.values()) {
      for (String work :
          List.of(
              "population p6 k25",
              "online projected p16 k16 B128",
              "online direct p16 k16 B128",
              "online direct p16 k16 B128 share 64",
              "online direct p16 k16 B128 share 1024",
              "empirical p16 k16 N1000",
              "online direct p16 k16 B128 share 1024 adam",
              "population p16 k10 stride 4")) {
        String name = work + ", " + precision.word();
        assertTrue(Work.standard().stream().anyMatch(one -> one.toString().equals(name)), name);
      }
    }
    assertTrue(
        Work.standard().stream()
            .anyMatch(one -> one.toString().equals("two-layer population k20 n20, double")));
    for (String size : List.of("p8 k8 B64", "p64 k32 B256")) {
      String name = "online direct " + size + " share 64, single";
      assertTrue(Work.standard().stream().anyMatch(one -> one.toString().equals(name)), name);
    }
  }
}
