package org.basinsim.validation;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.stream.IntStream;
import org.basinsim.backend.Collector;
import org.basinsim.model.Outcomes;
import org.basinsim.model.Streams;
import org.basinsim.model.conv.ConvCell;
import org.basinsim.model.conv.ConvOutput;
import org.basinsim.model.conv.Oracle;
import org.basinsim.model.conv.Recorded;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Population descent is the limit of online descent for large batches, of empirical for large N.
 */
@Tag("validation")
class LimitsTest {
  private static final int RESTARTS = 200;
  private static final int SMALL = 16;
  private static final int LARGE = 1024;

  private static ConvCell cell(ConvOutput output) {
    ConvCell cell =
        output == ConvOutput.LEARNED ? ConvCell.learned(3, 3, 0.5) : ConvCell.average(3, 3);
    return cell.endless()
        .maxSteps(20)
        .stepSize(output == ConvOutput.LEARNED ? 0.1 : 0.3)
        .streams(Streams.COMMON)
        .record(Recorded.ANGLE, Recorded.FINAL);
  }

  private static Oracle oracle(String name, int inputs) {
    return switch (name) {
      case "projected" -> new Oracle.Online(true, inputs, 1);
      case "direct" -> new Oracle.Online(false, inputs, 1);
      default -> new Oracle.Empirical(inputs, RESTARTS);
    };
  }

  /** With 64 times the inputs the root mean square distance to population descent is an eighth. */
  @ParameterizedTest
  @CsvSource({
    "LEARNED, projected", "LEARNED, direct", "LEARNED, empirical",
    "AVERAGE, projected", "AVERAGE, direct", "AVERAGE, empirical"
  })
  void distanceShrinksWithTheSquareRootOfTheInputs(ConvOutput output, String oracle) {
    Outcomes limit = Collector.train(Quickest.backend(), cell(output).build(), RESTARTS);
    double few = distance(limit, output, oracle(oracle, SMALL));
    double many = distance(limit, output, oracle(oracle, LARGE));
    // Common streams: equal starts. Each mean square is over 200 independent restarts whose squares
    // vary by about twice their mean: a ratio of roots errs by 0.5·√2·2∕√200 = 10 %, 4.9 times that
    // is 49 %.
    assertEquals(1, few / many / Math.sqrt((double) LARGE / SMALL), 0.49);
  }

  private static double distance(Outcomes limit, ConvOutput output, Oracle oracle) {
    Outcomes rows =
        Collector.train(Quickest.backend(), cell(output).oracle(oracle).build(), RESTARTS);
    String[] columns =
        output == ConvOutput.LEARNED
            ? new String[] {"angle", "final_filter_norm", "final_mean", "final_contrast"}
            : new String[] {"angle", "final_filter_norm"};
    double square = 0;
    for (String column : columns) {
      square +=
          IntStream.range(0, RESTARTS)
              .mapToDouble(i -> limit.reals(column)[i] - rows.reals(column)[i])
              .map(difference -> difference * difference)
              .sum();
    }
    return Math.sqrt(square / RESTARTS);
  }
}
