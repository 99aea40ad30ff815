package org.basinsim.validation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import org.basinsim.backend.Backend;
import org.basinsim.backend.Collector;
import org.basinsim.backend.WorkSizing;
import org.basinsim.backend.gpu.GpuBackend;
import org.basinsim.backend.gpu.opencl.PresentOpenCl;
import org.basinsim.backend.reference.ReferenceBackend;
import org.basinsim.model.Outcome;
import org.basinsim.model.Precision;
import org.basinsim.model.conv.ConvCell;
import org.basinsim.model.conv.ConvExperiment;
import org.basinsim.model.conv.ConvState;
import org.basinsim.model.conv.LearnedReduction;
import org.basinsim.start.ConvStart;
import org.basinsim.statistics.ExactTests;
import org.basinsim.verification.Mode;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whole studies on an OpenCL device, against what is known of them from elsewhere. */
@Tag("validation")
class OpenClStudiesTest {
  private static final int DATA_SETS = 400;

  private static Backend opencl;

  @BeforeAll
  static void open() {
    opencl = new GpuBackend(List.of(PresentOpenCl.open()), WorkSizing.automatic());
  }

  @AfterAll
  static void close() {
    if (opencl != null) {
      opencl.close();
    }
  }

  /**
   * The 36 cells of the reference table: each against its exact probability, and each restart
   * against the reference: at most one of a thousand may differ, and only where a start so close to
   * it that single precision cannot tell ends elsewhere.
   */
  @ParameterizedTest
  @EnumSource
  void populationRestartsAreTheReferences(Precision precision) throws IOException {
    int restarts = 5000;
    int differing = 0;
    List<String[]> table = PopulationTableTest.table("conv_population_exact.csv");
    for (String[] line : table) {
      ConvExperiment cell = PopulationTableTest.cell(line).precision(precision).build();
      byte[] found = Collector.train(opencl, cell, restarts).bytes("outcome");
      byte[] expected = Collector.train(new ReferenceBackend(), cell, restarts).bytes("outcome");
      for (int i = 0; i < restarts; i++) {
        if (found[i] != expected[i]) {
          differing++;
          assertTrue(atTheBoundary(cell, i), cell.mathematics() + " restart " + i);
        }
      }
      double exact = Double.parseDouble(line[4]);
      long global = ThresholdTest.count(found, Outcome.GLOBAL);
      assertTrue(
          ExactTests.hasProbability(global, restarts, exact) > 1e-6 / (2 * 36),
          cell.mathematics() + ": " + global);
    }
    assertTrue(differing <= table.size() * restarts / 1000, differing + " differ");
    if (precision == Precision.DOUBLE) {
      // A start within 10⁷·2⁻⁵³ of the separatrix would be one of 10⁹.
      assertEquals(0, differing);
    }
  }

  /** Whether a start a few roundings of the precision away ends elsewhere. */
  private static boolean atTheBoundary(ConvExperiment cell, int restart) {
    LearnedReduction reduction = new LearnedReduction(cell.teacher(), cell.stepSize());
    ConvState s = new ConvStart(cell).state(restart);
    // The slow phase magnifies rounding by up to 10⁴ before it is over: see ConvColumns.
    double near = 1e4 * cell.precision().unitRoundoff();
    Outcome here = reduction.descend(s, cell.maxSteps());
    for (double dx : new double[] {-near, 0, near}) {
      for (double dm : new double[] {-near, 0, near}) {
        for (double dc : new double[] {-near, 0, near}) {
          ConvState other =
              new ConvState(s.x() + dx, s.y(), s.mean() + dm, s.contrast() + dc, s.rest());
          if (reduction.descend(other, cell.maxSteps()) != here) {
            return true;
          }
        }
      }
    }
    return false;
  }

  /** Independent samples: another seed on the other backend. */
  @ParameterizedTest
  @EnumSource(
      names = {
        "PROJECTED_LEARNED",
        "DIRECT_LEARNED",
        "DIRECT_LEARNED_SHARE_64",
        "EMPIRICAL_LEARNED"
      })
  void successIsAsFrequentAsOnTheCpu(Mode mode) {
    int restarts = restarts(mode);
    for (Precision precision : Precision.values()) {
      ConvCell cell = mode.cell(3, 5).maxSteps(150).precision(precision).record();
      if (mode == Mode.EMPIRICAL_LEARNED) {
        cell.empirical(19, DATA_SETS);
      } else {
        cell.near(0.3, 0.3);
      }
      long here = successes(opencl, cell.seed(1).build(), restarts);
      long there = successes(Quickest.backend(), cell.seed(2).build(), restarts);
      int clusters = clusters(mode, restarts);
      String found = mode + " " + precision + ": " + here + " and " + there + " of " + restarts;
      assertTrue(here > 0 && here < restarts, found);
      // Restarts that share inputs count as one: they could do no more than agree entirely.
      double p =
          ExactTests.sameProbability(
              here * clusters / restarts, clusters, there * clusters / restarts, clusters);
      assertTrue(p > 1e-6 / 8, found);
    }
  }

  private static int restarts(Mode mode) {
    return switch (mode) {
      case DIRECT_LEARNED_SHARE_64 -> 64 * 400;
      case EMPIRICAL_LEARNED -> 20 * DATA_SETS;
      default -> 4000;
    };
  }

  private static int clusters(Mode mode, int restarts) {
    return switch (mode) {
      case DIRECT_LEARNED_SHARE_64 -> restarts / 64;
      case EMPIRICAL_LEARNED -> DATA_SETS;
      default -> restarts;
    };
  }

  private static long successes(Backend backend, ConvExperiment experiment, int restarts) {
    return ThresholdTest.count(
        Collector.train(backend, experiment, restarts).bytes("outcome"), Outcome.GLOBAL);
  }
}
