package org.basinsim.backend.gpu;

import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.stream.IntStream;
import org.basinsim.backend.Collector;
import org.basinsim.backend.WorkSizing;
import org.basinsim.model.Column;
import org.basinsim.model.Experiment;
import org.basinsim.model.Outcomes;
import org.basinsim.model.Precision;
import org.basinsim.model.Streams;
import org.basinsim.model.conv.ConvCell;
import org.basinsim.model.conv.ConvExperiment;
import org.basinsim.model.conv.Inputs;
import org.basinsim.model.conv.OutcomeRule;
import org.basinsim.model.conv.OutcomeRule.Stop;
import org.basinsim.model.conv.Teacher;
import org.basinsim.model.twolayer.Recorded;
import org.basinsim.model.twolayer.TwoLayerExperiment;
import org.basinsim.model.twolayer.TwoLayerRule;
import org.basinsim.verification.Mode;

/**
 * Experiments of a few steps whose restarts fill teams, chunks and groups unevenly. A simulator
 * runs them in a second or two.
 */
enum TileCase {
  /** Teams of 16 on streams of 40: two are full, the third has work for half. */
  STREAM_SINGLE(8, 50),
  /**
   * A step of teams of 8, for many faulty texts one after the other. Correlated inputs of patches
   * that overlap need every barrier.
   */
  STREAM_SMALL(4, 18),
  /** Teams of 64. */
  STREAM_DOUBLE(32, 66),
  /** Inputs in two chunks, a number of numbers that no four divides, a teacher without zeros. */
  STREAM_IN_CHUNKS(4, 9),
  /** Output weights striped in shared memory beside shared inputs. */
  STREAM_STRIPED(4, 9),
  /** Teams of 8 with up to 14 restarts a data set: free lanes take the next. */
  DATA_SINGLE(4, 40),
  /** Teams of 16 that are never full. */
  DATA_DOUBLE(8, 14),
  /** Every restart draws its own. */
  OWN_SINGLE(8, 20),
  /** The same with average output. */
  OWN_DOUBLE(8, 20),
  /** Average output, and k odd. */
  PROJECTED_SINGLE(8, 30),
  /** Learned output. */
  PROJECTED_DOUBLE(32, 30),
  /** Output weights striped in shared memory. */
  PROJECTED_STRIPED(32, 9),
  /** Everything is recorded. */
  POPULATION_SINGLE(8, 40),
  /** Restarts end by the verdict. */
  POPULATION_DOUBLE(8, 40),
  /** Rows that no four divides. */
  TWO_LAYER(8, 20);

  /** Ends some descents on data sets at every step. */
  private static final OutcomeRule SOON = new OutcomeRule(Stop.ACCURACY, 1, 1, 1, 0.5, 0.9);

  private final int group;
  private final int restarts;

  TileCase(int group, int restarts) {
    this.group = group;
    this.restarts = restarts;
  }

  Experiment experiment() {
    return this == TWO_LAYER ? twoLayer() : conv();
  }

  private static TwoLayerExperiment twoLayer() {
    TwoLayerRule rule = new TwoLayerRule(0.3, 1);
    return new TwoLayerExperiment(
        3, 2, 0.1, 4, rule, EnumSet.allOf(Recorded.class), 5, Streams.INDEPENDENT);
  }

  /** Where the system is the convolutional network. */
  ConvExperiment conv() {
    Precision precision = name().contains("DOUBLE") ? Precision.DOUBLE : Precision.SINGLE;
    return cell().precision(precision).build();
  }

  /** Nearness so wide that some restarts end at every step. */
  private ConvCell cell() {
    return switch (this) {
      case STREAM_SINGLE -> direct(Mode.DIRECT_LEARNED_SHARE_64, 7, 40).maxSteps(3);
      case STREAM_SMALL ->
          ConvCell.average(3, 5)
              .stride(2)
              .inputs(new Inputs.Correlated(0.5))
              .near(1, 1)
              .direct(5, 40)
              .recordAll()
              .maxSteps(1);
      case STREAM_DOUBLE -> direct(Mode.DIRECT_LEARNED_SHARE_64, 7, 64).maxSteps(2);
      case STREAM_IN_CHUNKS ->
          ConvCell.learned(7, 39, 1).teacher(teacher(7, 39)).direct(17, 33).maxSteps(1);
      case STREAM_STRIPED -> ConvCell.learned(67, 3, 9).near(1, 1).direct(2, 40).maxSteps(1);
      case DATA_SINGLE -> Mode.EMPIRICAL_LEARNED.cell(3, 5).rule(SOON).maxSteps(3);
      case DATA_DOUBLE -> Mode.EMPIRICAL_AVERAGE.cell(3, 5).rule(SOON).maxSteps(2);
      case OWN_SINGLE -> direct(Mode.DIRECT_LEARNED_SHARE_3, 7, 3).maxSteps(3);
      case OWN_DOUBLE -> direct(Mode.DIRECT_AVERAGE, 7, 1).maxSteps(2);
      case PROJECTED_SINGLE -> Mode.PROJECTED_AVERAGE.cell(3, 5).near(1, 1).maxSteps(4);
      case PROJECTED_DOUBLE -> Mode.PROJECTED_LEARNED.cell(3, 5).near(1, 1).maxSteps(4);
      case PROJECTED_STRIPED -> ConvCell.learned(67, 3, 9).near(1, 1).projected(2).maxSteps(2);
      case POPULATION_SINGLE ->
          Mode.POPULATION_LEARNED.cell(3, 5).near(1, 1).recordAll().maxSteps(6);
      case POPULATION_DOUBLE -> Mode.POPULATION_LEARNED_VERDICT.cell(3, 5).maxSteps(20);
      case TWO_LAYER -> throw new IllegalStateException("another system");
    };
  }

  private static ConvCell direct(Mode mode, int batch, int share) {
    return mode.cell(3, 5).near(1, 1).direct(batch, share);
  }

  private static Teacher teacher(int k, int p) {
    double[] filter = IntStream.range(0, p).mapToDouble(c -> 1.0 / (c + 2)).toArray();
    double[] output = IntStream.range(0, k).mapToDouble(j -> j - 1).toArray();
    return Teacher.of(filter, output);
  }

  /** Every number of every restart, a line each. */
  List<String> rows(GpuDevice device) {
    Experiment experiment = experiment();
    GpuBackend backend = new GpuBackend(List.of(device), new WorkSizing(1, 0, group));
    Outcomes rows = Collector.train(backend, experiment, restarts);
    List<String> lines = new ArrayList<>();
    for (Column column : rows.columns()) {
      Object numbers = rows.array(column.name());
      for (int i = 0; i < Array.getLength(numbers); i++) {
        lines.add(this + " " + column.name() + " " + i + ": " + Array.get(numbers, i));
      }
    }
    return lines;
  }
}
