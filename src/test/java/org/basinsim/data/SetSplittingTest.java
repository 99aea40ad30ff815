package org.basinsim.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.basinsim.backend.Collector;
import org.basinsim.backend.WorkSizing;
import org.basinsim.backend.cpu.CpuBackend;
import org.basinsim.backend.reference.ReferenceBackend;
import org.basinsim.model.Outcomes;
import org.basinsim.model.conv.ConvCell;
import org.basinsim.model.conv.ConvExperiment;
import org.basinsim.model.conv.Inputs;
import org.basinsim.model.conv.Optimizer;
import org.basinsim.model.conv.Teacher;
import org.junit.jupiter.api.Test;

/** Planted instances of set splitting are what BG17 reduces the problem to. */
class SetSplittingTest {
  private static final int SETS = 5;

  /** {parts, elements, subsets}: the smallest, primes, more parts than elements. */
  private static final int[][] SIZES = {{2, 3, 1}, {2, 7, 13}, {3, 11, 40}, {5, 4, 6}, {4, 16, 64}};

  private static ConvCell cell(int k, int d, int m) {
    return ConvCell.average(k, k * d)
        .teacher(Teacher.planted(k, d))
        .inputs(new Inputs.SetSplitting(d, m))
        .empirical(d + m, SETS);
  }

  /** Patch l of an input that belongs to these elements: their indicator in block l. */
  private static double[] expected(int k, int d, Set<Integer> elements) {
    double[] input = new double[k * k * d];
    for (int l = 0; l < k; l++) {
      for (int s : elements) {
        input[l * k * d + l * d + s] = 1;
      }
    }
    return input;
  }

  private static double[] input(double[] inputs, int b, int length) {
    return Arrays.copyOfRange(inputs, b * length, (b + 1) * length);
  }

  @Test
  void inputsAreElementsThenSubsetsOfThree() {
    for (int[] size : SIZES) {
      int k = size[0];
      int d = size[1];
      int length = k * k * d;
      DataSets sets = DataSets.of(cell(k, d, size[2]).build());
      for (int set = 0; set < SETS; set++) {
        double[] inputs = sets.inputs(set);
        assertEquals((d + size[2]) * length, inputs.length);
        for (int s = 0; s < d; s++) {
          assertArrayEquals(expected(k, d, Set.of(s)), input(inputs, s, length));
        }
        for (int j = 0; j < size[2]; j++) {
          double[] input = input(inputs, d + j, length);
          Set<Integer> subset = new HashSet<>();
          for (int s = 0; s < d; s++) {
            if (input[s] == 1) {
              subset.add(s);
            }
          }
          assertEquals(3, subset.size());
          assertArrayEquals(expected(k, d, subset), input);
          assertFalse(
              subset.stream().map(s -> Teacher.part(s, k)).distinct().count() == 1,
              subset + " lies inside a part");
        }
      }
    }
  }

  /** The network of the paper, written out: the planted filter is right to the last bit. */
  @Test
  void thePlantedFilterHasZeroError() {
    for (int[] size : SIZES) {
      int k = size[0];
      int d = size[1];
      Teacher teacher = Teacher.planted(k, d);
      double[] w = teacher.filter();
      assertEquals(k * d, w.length);
      DataSets sets = DataSets.of(cell(k, d, size[2]).build());
      for (int set = 0; set < SETS; set++) {
        double[] inputs = sets.inputs(set);
        for (int b = 0; b < d + size[2]; b++) {
          double label = 0;
          for (int l = 0; l < k; l++) {
            double z = 0;
            for (int c = 0; c < k * d; c++) {
              z += w[c] * inputs[(b * k + l) * k * d + c];
            }
            label += teacher.output()[l] * Math.max(z, 0);
          }
          assertEquals(b < d ? 1.0 / k : 0, label, "input " + b + " of " + Arrays.toString(size));
        }
      }
    }
  }

  /** Each allowed triple is as likely as any other. */
  @Test
  void subsetsAreUniform() {
    int d = 5;
    int m = 9000;
    double[] inputs = DataSets.of(cell(2, d, m).build()).inputs(0);
    int[] counts = new int[1 << d];
    for (int b = d; b < d + m; b++) {
      int subset = 0;
      for (int s = 0; s < d; s++) {
        subset |= inputs[b * 4 * d + s] == 1 ? 1 << s : 0;
      }
      counts[subset]++;
    }
    // Of ten triples only {0, 2, 4} lies inside a part: nine of 1000 each, deviation 29.8; the
    // largest of nine is off by more than 5.5 deviations with probability 9·4·10⁻⁸.
    int seen = 0;
    for (int count : counts) {
      if (count > 0) {
        assertEquals(1000, count, 164);
        seen++;
      }
    }
    assertEquals(9, seen);
    assertEquals(0, counts[0b10101]);
  }

  @Test
  void dataSetsAndSeedsDifferAndCanBeDrawnAgain() {
    double[] one = DataSets.of(cell(3, 11, 40).build()).inputs(1);
    assertArrayEquals(one, DataSets.of(cell(3, 11, 40).build()).inputs(1));
    assertFalse(Arrays.equals(one, DataSets.of(cell(3, 11, 40).build()).inputs(2)));
    assertFalse(Arrays.equals(one, DataSets.of(cell(3, 11, 40).seed(5).build()).inputs(1)));
  }

  @Test
  void theCpuFollowsTheReferenceAndSomeRestartsSolveASmallInstance() {
    ConvExperiment experiment =
        cell(2, 3, 8)
            .optimizer(new Optimizer.AdaGrad(1e-8))
            .stepSize(0.2)
            .maxSteps(500)
            .recordAll()
            .build();
    Outcomes expected = Collector.train(new ReferenceBackend(), experiment, 30);
    Outcomes actual = Collector.train(new CpuBackend(new WorkSizing(2, 0, 0)), experiment, 30);
    // When exactly is open: at a kink of the activation rounding decides about a step or two.
    assertArrayEquals(expected.bytes("outcome"), actual.bytes("outcome"));
    assertFalse(expected.has("population_loss"), "there is no population to speak of");
    Set<Byte> kinds = new HashSet<>();
    for (byte outcome : expected.bytes("outcome")) {
      kinds.add(outcome);
    }
    assertTrue(kinds.size() > 1, "outcomes " + kinds);
    double[][] states = new ReferenceBackend().probe().trajectory(experiment, 3, 50);
    double[][] lanes =
        new CpuBackend(new WorkSizing(1, 0, 0)).probe().trajectory(experiment, 3, 50);
    for (int step = 0; step <= 50; step++) {
      // Weights of order one, a few roundoffs off a step.
      assertArrayEquals(states[step], lanes[step], 16 * (step + 1) * 0x1p-53, "step " + step);
    }
  }
}
