package org.basinsim.study;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.basinsim.model.conv.ConvExperiment;
import org.basinsim.model.conv.ConvOutput;
import org.basinsim.model.conv.Inputs;
import org.basinsim.model.conv.Network;
import org.basinsim.model.conv.Oracle;
import org.basinsim.model.conv.OutcomeRule;
import org.basinsim.model.conv.Recorded;
import org.basinsim.model.conv.StartLaw;
import org.basinsim.model.conv.Teacher;

/** Studies of the convolutional network. */
final class ConvKind implements SystemKind {
  @Override
  public String name() {
    return "conv";
  }

  @Override
  public List<Key> keys() {
    return ConvKeys.ALL;
  }

  @Override
  public List<String> quantities() {
    return Arrays.stream(Recorded.values()).map(Recorded::word).toList();
  }

  @Override
  public List<String> recorded() {
    return List.of(Recorded.LOSS.word(), Recorded.ANGLE.word());
  }

  @Override
  public List<String> averages() {
    return List.of("loss", "angle");
  }

  @Override
  public void check(Values cell) {
    ConvRules.check(cell);
  }

  @Override
  public ConvExperiment build(Values cell) {
    Teacher teacher = teacher(cell);
    return new ConvExperiment(
        new Network(
            ConvKeys.learned(cell) ? ConvOutput.LEARNED : ConvOutput.AVERAGE,
            cell.given("system.stride") ? cell.number("system.stride") : teacher.patchSize(),
            ConvOptions.slope(cell)),
        teacher,
        start(cell, teacher),
        inputs(cell),
        oracle(cell),
        ConvOptions.descent(cell),
        new OutcomeRule(
            ConvNoise.stop(cell),
            cell.real("outcome.angle"),
            cell.real("outcome.output"),
            cell.real("outcome.distance"),
            cell.real("outcome.loss"),
            cell.real("outcome.gradient")),
        recorded(cell),
        cell.seed(),
        cell.streams(),
        cell.precision());
  }

  /** The teacher of a cell whose keys of system and teacher are sound. */
  static Teacher teacher(Values cell) {
    int k = cell.number("system.patches");
    if (ConvOptions.splitsSets(cell)) {
      return Teacher.planted(k, cell.number(ConvOptions.ELEMENTS));
    }
    int p = cell.number("system.patch_size");
    boolean learned = ConvKeys.learned(cell);
    double filterNorm = cell.real("teacher.filter_norm");
    double outputNorm = cell.real("teacher.output_norm");
    boolean filterGiven = cell.given("teacher.filter");
    boolean outputGiven = cell.given("teacher.output");
    if (learned && outputGiven || filterGiven) {
      double[] filter = new double[p];
      filter[0] = filterNorm;
      double[] output = new double[k];
      Arrays.fill(output, 1.0 / k);
      if (filterGiven) {
        filter = cell.vector("teacher.filter");
      }
      if (outputGiven) {
        output = cell.vector("teacher.output");
      } else if (learned) {
        output = Teacher.ofRatio(k, p, 1, outputNorm, cell.real("teacher.output_ratio")).output();
      }
      return Teacher.of(filter, output);
    }
    if (!learned) {
      // Cells that differ elsewhere share their teacher: it has a few vectors of length k.
      return cell.once(
          List.of("average", k, p, filterNorm), () -> Teacher.average(k, p, filterNorm));
    }
    double ratio = cell.real("teacher.output_ratio");
    return cell.once(
        List.of("learned", k, p, filterNorm, outputNorm, ratio),
        () -> Teacher.ofRatio(k, p, filterNorm, outputNorm, ratio));
  }

  private static StartLaw start(Values cell, Teacher teacher) {
    StartLaw.Output output = StartLaw.Output.valueOf(constant(cell.word("start.output")));
    double radius =
        cell.is("start.output_radius", "paper")
            ? StartLaw.paperRadius(teacher)
            : cell.real("start.output_radius");
    return new StartLaw(
        cell.flag("system.shortcut")
            ? StartLaw.Filter.SHORTCUT
            : StartLaw.Filter.valueOf(constant(cell.word("start.filter"))),
        output,
        radius,
        cell.is("start.signs", "quadruple"));
  }

  private static Oracle oracle(Values cell) {
    return switch (cell.word("descent.oracle")) {
      case "population" -> new Oracle.Population();
      case "online" -> {
        int share = cell.number("descent.share");
        boolean projected =
            cell.given("descent.sampling")
                ? cell.is("descent.sampling", "projected")
                : share == 1 && ConvOptions.projects(cell) && !ConvKeys.overlaps(cell);
        yield new Oracle.Online(projected, cell.number("descent.batch"), share);
      }
      default -> empirical(cell);
    };
  }

  private static Oracle.Empirical empirical(Values cell) {
    if (!cell.given(ConvInputs.FILE)) {
      return new Oracle.Empirical(
          Math.toIntExact(ConvOptions.samples(cell)), cell.number("descent.data_sets"));
    }
    ConvInputs inputs = ConvInputs.of(cell);
    return new Oracle.Empirical(inputs.samples(), inputs.dataSets());
  }

  private static Inputs inputs(Values cell) {
    if (!cell.is("descent.oracle", "empirical") || !cell.given(ConvInputs.FILE)) {
      return ConvOptions.inputs(cell);
    }
    ConvInputs inputs = ConvInputs.of(cell);
    return new Inputs.File(cell.path(ConvInputs.FILE), inputs.dataset(), inputs.sha256());
  }

  private static Set<Recorded> recorded(Values cell) {
    List<String> words = cell.words("restarts.record");
    return Arrays.stream(Recorded.values())
        .filter(quantity -> words.contains(quantity.word()))
        .collect(Collectors.toSet());
  }

  /** The enum constant of a word. */
  private static String constant(String word) {
    return word.toUpperCase(Locale.ROOT);
  }
}
