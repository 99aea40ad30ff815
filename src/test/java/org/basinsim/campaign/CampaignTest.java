package org.basinsim.campaign;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.basinsim.model.Clustering;
import org.basinsim.model.Outcome;
import org.basinsim.results.CellSummary;
import org.basinsim.results.MismatchedResults;
import org.basinsim.results.ResultsFile;
import org.basinsim.statistics.ClusteredCounts;
import org.basinsim.statistics.Interval;
import org.basinsim.statistics.IntervalMethod;
import org.basinsim.study.Cell;
import org.basinsim.study.Study;
import org.basinsim.study.Table;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CampaignTest {
  private static final CampaignOptions OPTIONS =
      new CampaignOptions(false, "0.1", "abc", Optional.empty());

  @TempDir Path folder;
  private final Map<String, Study> texts = new HashMap<>();

  private Study study(long perCell, boolean countsOnly, Clustering clustering, double... weights) {
    return study(7, perCell, countsOnly, clustering, weights);
  }

  private Study study(
      long seed, long perCell, boolean countsOnly, Clustering clustering, double... weights) {
    List<Cell> cells = new ArrayList<>();
    for (double weight : weights) {
      cells.add(new Cell(List.of(weight), new CoinExperiment(weight, seed, clustering)));
    }
    String text = "seed = " + seed + ", weights = " + Arrays.toString(weights) + ", " + perCell;
    Study study =
        new Study(
            "coins",
            "",
            seed,
            text,
            perCell,
            countsOnly,
            "wilson",
            0.95,
            Table.PLAIN,
            List.of("system.weight"),
            cells,
            List.of());
    texts.put(text, study);
    return study;
  }

  private Study study(long perCell, double... weights) {
    return study(perCell, false, Clustering.INDEPENDENT, weights);
  }

  private CampaignResult run(Study study, CoinBackend backend, Path file) {
    return new Campaign(study, texts::get)
        .run(backend, file, OPTIONS, Progress.SILENT, new StopFlag());
  }

  private static void sameResults(Path a, Path b) {
    ResultsFile one = ResultsFile.open(a);
    ResultsFile two = ResultsFile.open(b);
    assertEquals(one.cellColumns(), two.cellColumns());
    for (int c = 0; c < one.cells(); c++) {
      assertEquals(one.summary(c), two.summary(c));
    }
    assertEquals(rows(one), rows(two));
  }

  private static List<String> rows(ResultsFile file) {
    List<String> rows = new ArrayList<>();
    file.forEachRows(some ->
        rows.add(
            some.ranges()
                + Arrays.toString((byte[]) some.array("outcome"))
                + Arrays.toString((int[]) some.array("steps"))));
    return rows;
  }

  @Test
  void countsAreThoseOfTheRestarts() {
    Study study = study(1001, 0.2, 0.5);
    Path file = folder.resolve("x.h5");
    List<Long> reports = new ArrayList<>();
    CampaignResult result =
        new Campaign(study, texts::get)
            .run(
                new CoinBackend(17, 1),
                file,
                OPTIONS,
                (done, total, perSecond) -> reports.add(done),
                new StopFlag());
    assertTrue(result.finished());
    assertEquals(2002, result.computed());
    assertEquals(2002, reports.getLast());
    for (int c = 0; c < 2; c++) {
      CoinExperiment coin = (CoinExperiment) study.cells().get(c).experiment();
      long[] counts = new long[4];
      for (long i = 0; i < 1001; i++) {
        counts[coin.outcome(i).code()]++;
      }
      CellSummary summary = result.summaries().get(c);
      assertEquals(counts[Outcome.GLOBAL.code()], summary.global());
      assertEquals(counts[Outcome.SPURIOUS.code()], summary.spurious());
      assertEquals(counts[Outcome.UNDECIDED.code()], summary.undecided());
      assertEquals(1001, summary.restarts());
      Interval wilson = IntervalMethod.WILSON.of(summary.global(), 1001, 0.95);
      assertEquals(wilson, new Interval(summary.low(), summary.high()));
      assertEquals(summary, ResultsFile.open(file).summary(c));
    }
  }

  @Test
  void cutsOrderStopsAndFailuresLeaveNoTrace() {
    for (boolean countsOnly : new boolean[] {false, true}) {
      Study study = study(1001, countsOnly, Clustering.INDEPENDENT, 0.2, 0.5, 0.6);
      Path whole = folder.resolve("whole" + countsOnly + ".h5");
      run(study, new CoinBackend(1001, 1), whole);
      for (int launch : new int[] {7, 64}) {
        Path file = folder.resolve("cut" + countsOnly + launch + ".h5");
        StopFlag stop = new StopFlag();
        CampaignResult stopped =
            new Campaign(study, texts::get)
                .run(
                    new CoinBackend(launch, launch),
                    file,
                    OPTIONS,
                    (done, total, perSecond) -> {
                      if (done > total / 4) {
                        stop.stop();
                      }
                    },
                    stop);
        assertFalse(stopped.finished());
        assertFalse(Files.exists(file));
        assertTrue(stopped.recorded() > 750 && stopped.recorded() < 1000);
        IllegalStateException lost =
            assertThrows(
                IllegalStateException.class,
                () -> run(study, new CoinBackend(launch, 2, 0, 9), file));
        assertEquals("the coin is lost", lost.getMessage());
        CampaignResult rest = run(study, new CoinBackend(launch, 3), file);
        assertTrue(rest.finished());
        assertEquals(3003, rest.recorded());
        assertTrue(rest.computed() < 3003 - stopped.recorded(), "the nine pieces were lost");
        sameResults(whole, file);
      }
    }
  }

  @Test
  void extendsByRestartsAndCellsAndDoesNothingTwice() throws Exception {
    Path file = folder.resolve("x.h5");
    run(study(50, 0.3, 0.6), new CoinBackend(7, 1), file);
    run(study(90, 0.3, 0.6), new CoinBackend(7, 2), file);
    Study last = study(90, 0.1, 0.3, 0.5, 0.6);
    CampaignResult extended = run(last, new CoinBackend(7, 3), file);
    assertEquals(180, extended.computed());
    Path whole = folder.resolve("whole.h5");
    run(last, new CoinBackend(90, 1), whole);
    sameResults(whole, file);
    byte[] before = Files.readAllBytes(file);
    CampaignResult again = run(last, new CoinBackend(7, 4), file);
    assertEquals(0, again.computed());
    assertEquals(extended.summaries(), again.summaries());
    assertArrayEquals(before, Files.readAllBytes(file));
  }

  @Test
  void refusesAnotherStudyAndNamesTheKeys() {
    Path file = folder.resolve("x.h5");
    run(study(5, 0.3, 0.6), new CoinBackend(7, 1), file);
    MismatchedResults weights =
        assertThrows(
            MismatchedResults.class, () -> run(study(5, 0.3, 0.7), new CoinBackend(7, 1), file));
    assertEquals(
        file
            + ": holds results of another study:"
            + " system.weight is 0.3, 0.6 there and 0.3, 0.7 here",
        weights.getMessage());
    MismatchedResults seed =
        assertThrows(
            MismatchedResults.class,
            () ->
                run(
                    study(8, 5, false, Clustering.INDEPENDENT, 0.3, 0.6),
                    new CoinBackend(7, 1),
                    file));
    assertEquals(
        file + ": holds results of another study: seed is 7 there and 8 here", seed.getMessage());
  }

  /** Blocks that a cut goes through, a last block that is smaller, residues. */
  @Test
  void dependentRestartsGetClusteredIntervals() {
    for (Clustering clustering : List.of(Clustering.blocks(4), Clustering.residues(16))) {
      Study study = study(203, false, clustering, 0.5);
      Path file = folder.resolve(clustering.kind() + ".h5");
      CellSummary summary = run(study, new CoinBackend(9, 1), file).summaries().getFirst();
      CoinExperiment coin = (CoinExperiment) study.cells().getFirst().experiment();
      Map<Long, long[]> clusters = new HashMap<>();
      for (long i = 0; i < 203; i++) {
        long[] cluster = clusters.computeIfAbsent(clustering.cluster(i), x -> new long[] {0, 0});
        cluster[0]++;
        cluster[1] += coin.outcome(i) == Outcome.GLOBAL ? 1 : 0;
      }
      ClusteredCounts counts = new ClusteredCounts();
      clusters.values().forEach(cluster -> counts.add(cluster[0], cluster[1]));
      Interval meant = counts.interval(IntervalMethod.WILSON, 0.95);
      assertEquals(meant, new Interval(summary.low(), summary.high()));
    }
  }

  @Test
  void exactProbabilitiesStandBesideTheSimulatedOnes() {
    Study study = study(20, 0.3, 0.6);
    Path file = folder.resolve("x.h5");
    run(study, new CoinBackend(7, 1), file);
    CampaignOptions exact =
        new CampaignOptions(
            false,
            "0.1",
            "abc",
            Optional.of(coin -> ((CoinExperiment) coin).weight() < 0.5 ? 0.25 : Double.NaN));
    new Campaign(study, texts::get)
        .run(new CoinBackend(7, 1), file, exact, Progress.SILENT, new StopFlag());
    assertArrayEquals(new double[] {0.25, Double.NaN}, ResultsFile.open(file).reals("exact"));
  }

  @Test
  void unitesFilesOfOneStudy() {
    Study small = study(30, 0.3);
    Study large = study(40, 0.3, 0.6);
    Path one = folder.resolve("one.h5");
    Path two = folder.resolve("two.h5");
    Path both = folder.resolve("both.h5");
    run(small, new CoinBackend(7, 1), one);
    run(large, new CoinBackend(7, 1), two);
    List<CellSummary> summaries = Uniting.unite(List.of(one, two, one), both, texts::get);
    assertEquals(List.of(40L, 40L), summaries.stream().map(CellSummary::restarts).toList());
    sameResults(two, both);
  }

  /** The pilot's pace is the run's; 2 is what plan promises. */
  @Test
  void plansWithinAFactorOfTwo() {
    Study study = study(100_000, 0.2, 0.5);
    long nanoseconds = 50_000;
    Plan plan = Plan.of(study, new CoinBackend(64, 1, nanoseconds, Integer.MAX_VALUE));
    assertEquals(2, plan.cells());
    assertEquals(200_000, plan.restarts());
    assertEquals(200_000 * (4 + 8 + 1 + 4), plan.bytes());
    double seconds = 200_000 * nanoseconds * 1e-9;
    assertTrue(plan.seconds() > seconds / 2 && plan.seconds() < seconds * 2, plan.toString());
  }
}
