package org.basinsim.model.conv;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.basinsim.model.Clustering;
import org.basinsim.model.Precision;
import org.basinsim.model.Streams;
import org.junit.jupiter.api.Test;

class ConvExperimentTest {
  /** Restarts that share a start or inputs must never count as independent. */
  @Test
  void restartsThatShareAnythingAreInOneCluster() {
    for (int share : new int[] {1, 2, 3, 4, 6, 8, 17}) {
      for (boolean quadruple : new boolean[] {false, true}) {
        ConvCell cell = ConvCell.learned(3, 2, 1).direct(5, share);
        ConvExperiment experiment = quadruple ? cell.quadruple().build() : cell.build();
        Clustering clustering = experiment.clustering();
        for (long i = 0; i < 100; i++) {
          for (long j = 0; j < 100; j++) {
            boolean shared =
                experiment.startStream(i) == experiment.startStream(j)
                    || experiment.inputStream(i) == experiment.inputStream(j);
            assertTrue(!shared || clustering.cluster(i) == clustering.cluster(j));
          }
        }
        // And clusters are no larger than they must be: whole shares and whole quadruples only.
        assertEquals(lcm(share, quadruple ? 4 : 1), clustering.size());
      }
    }
  }

  private static long lcm(long a, long b) {
    long multiple = a;
    while (multiple % b != 0) {
      multiple += a;
    }
    return multiple;
  }

  @Test
  void restartsOfADataSetAreOneCluster() {
    ConvExperiment experiment = ConvCell.learned(3, 2, 1).empirical(10, 7).build();
    for (long i = 0; i < 50; i++) {
      assertEquals(experiment.dataSet(i), experiment.clustering().cluster(i));
    }
    assertThrows(
        IllegalArgumentException.class,
        () -> ConvCell.learned(3, 2, 1).empirical(10, 7).quadruple().build());
  }

  @Test
  void theIdentityIsThatOfTheMathematics() {
    ConvExperiment one = ConvCell.learned(3, 2, 1).build();
    assertEquals(one.identity(), ConvCell.learned(3, 2, 1).recordAll().build().identity());
    assertEquals(
        one.identity(), ConvCell.learned(3, 2, 1).precision(Precision.SINGLE).build().identity());
    for (ConvCell other :
        new ConvCell[] {
          ConvCell.learned(4, 2, 1),
          ConvCell.learned(3, 3, 1),
          ConvCell.learned(3, 2, 1.5),
          ConvCell.average(3, 2),
          ConvCell.learned(3, 2, 1).seed(1),
          ConvCell.learned(3, 2, 1).stepSize(0.06),
          ConvCell.learned(3, 2, 1).maxSteps(7),
          ConvCell.learned(3, 2, 1).near(0.05, 0.1),
          ConvCell.learned(3, 2, 1).quadruple(),
          ConvCell.learned(3, 2, 1).projected(5),
          ConvCell.learned(3, 2, 1).direct(5, 1),
          ConvCell.learned(3, 2, 1).empirical(5, 1)
        }) {
      assertNotEquals(one.identity(), other.build().identity());
    }
  }

  @Test
  void commonStreamsHaveOneKeyForAllCells() {
    ConvExperiment one = ConvCell.learned(3, 2, 1).streams(Streams.COMMON).build();
    ConvExperiment other = ConvCell.learned(13, 6, 2).streams(Streams.COMMON).build();
    assertEquals(one.key(), other.key());
    assertNotEquals(one.key(), ConvCell.learned(3, 2, 1).build().key());
    assertNotEquals(one.identity(), other.identity());
  }
}
