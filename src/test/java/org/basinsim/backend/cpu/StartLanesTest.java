package org.basinsim.backend.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import org.basinsim.model.conv.ConvCell;
import org.basinsim.model.conv.ConvExperiment;
import org.basinsim.model.conv.StartLaw;
import org.basinsim.start.ConvStart;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Starts drawn in lanes are those drawn one by one, to the last bit. */
class StartLanesTest {

  @ParameterizedTest
  @CsvSource({"1, 2", "2, 3", "3, 6", "13, 17", "100, 2"})
  void everyLawGivesTheBitsOfTheScalarText(int k, int p) {
    for (StartLaw.Filter filter : StartLaw.Filter.values()) {
      for (StartLaw.Output output : StartLaw.Output.values()) {
        for (boolean quadruple : new boolean[] {false, true}) {
          StartLaw law = new StartLaw(filter, output, 0.7, quadruple);
          assertSameBits(ConvCell.learned(k, p, k == 1 ? 1 : 0.3 * k).start(law).build());
        }
      }
      StartLaw law = new StartLaw(filter, StartLaw.Output.ZERO, 0, false);
      assertSameBits(ConvCell.average(k, p).start(law).build());
    }
  }

  private static void assertSameBits(ConvExperiment experiment) {
    // Streams beyond 32 bits; rows that no vector length divides.
    for (long first : new long[] {0, 5, (1L << 34) + 3}) {
      PopulationLaunch launch = new PopulationLaunch(0, 3 * DoubleLanes.LENGTH + 5);
      new StartLanes(experiment).draw(first, launch);
      ConvStart start = new ConvStart(experiment);
      for (int row = 0; row < launch.count; row++) {
        // Arrays are compared bit by bit: −0 is not 0 here.
        assertArrayEquals(
            start.state(first + row).toArray(), launch.state(row).toArray(), () -> "" + experiment);
      }
    }
  }
}
