package org.basinsim.study;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.basinsim.data.BrokenInputs;
import org.basinsim.data.InputFile;
import org.basinsim.model.deep.Activation;
import org.basinsim.model.deep.Architecture;
import org.basinsim.model.deep.DeepExperiment;
import org.basinsim.model.deep.DeepNetwork;
import org.basinsim.model.deep.DeepRule;
import org.basinsim.model.deep.Labels;
import org.basinsim.model.deep.Recorded;
import org.basinsim.model.deep.Samples;
import org.basinsim.model.deep.StepSize;
import org.basinsim.model.deep.Varies;

/** Studies of over-parameterized networks. */
final class DeepKind implements SystemKind {
  private static final String FILE = "system.inputs.file";
  private static final String DATASET = "system.inputs.dataset";
  private static final String RELATIVE = "descent.step_size.relative";

  private static final int WIDEST = 1 << 14;
  private static final int DEEPEST = 256;

  /** Samples times positions: the kernels of a state are matrices of this order. */
  private static final int MOST_ROWS = 1 << 12;

  /** Weights of a restart: 2 GiB in double precision. */
  private static final long MOST_WEIGHTS = 1L << 28;

  /** What a file of samples says; its numbers are forgotten until somebody trains on them. */
  private record Facts(int[] shape, String sha256, Optional<String> wrong) {}

  @Override
  public String name() {
    return "deep";
  }

  @Override
  public List<Key> keys() {
    return List.of(
        Key.standard(
            "system.architecture",
            Form.Word.of("two-layer", "fully-connected", "resnet", "conv-resnet"),
            "fully-connected",
            "how layers follow one another"),
        Key.required("system.width", new Form.Whole(1, WIDEST), "units of a layer, m"),
        Key.off(
            "system.depth",
            new Form.Whole(1, DEEPEST),
            "hidden layers, H; left out 1 with two-layer, 2 otherwise"),
        Key.standard(
            "system.activation",
            Form.Word.of("softplus", "relu", "tanh", "erf"),
            "softplus",
            "of the hidden layers"),
        Key.standard(
            "system.residual_scale",
            new Form.Real(1e-6, 0.999999),
            0.5,
            "c_res of residual layers, whose share of a sum is c_res / depth"),
        Key.off("system.positions", new Form.Whole(1, WIDEST), "of conv-resnet, P"),
        Key.standard(
            "system.window",
            new Form.Whole(1, WIDEST),
            3L,
            "of conv-resnet, positions a unit sees"),
        Key.standard(
            "system.trained",
            Form.Word.of("all", "hidden"),
            "all",
            "layers that descent moves; the signs behind two layers never are"),
        Key.standard("system.input_size", new Form.Whole(1, WIDEST), 20L, "numbers of an input, d"),
        Key.standard("system.samples", new Form.Whole(1, MOST_ROWS), 20L, "inputs, n"),
        Key.standard("system.inputs", Form.Word.of("sphere"), "sphere", "law of the inputs"),
        Key.off(
            FILE,
            new Form.FilePath("the path of an HDF5 or CSV file"),
            "samples from a file, a row each: the input, its label behind it"),
        Key.standard(
            DATASET,
            new Form.Text("\\P{Cntrl}{1,1000}", "the name of a data set in the file"),
            "/samples",
            "of an HDF5 file"),
        Key.standard(
            "system.labels",
            Form.Word.of("normal", "signs", "teacher"),
            "normal",
            "law of the labels"),
        Key.standard(
            "start.varies",
            Form.Word.of("weights", "data", "both"),
            "both",
            "what differs from restart to restart"),
        Key.off("descent.step_size", new Form.Real(1e-12, 1e3), "η"),
        Key.standard(RELATIVE, new Form.Real(1e-6, 1.999), 0.5, "η in units of 1 / λ_max(Θ(0))"),
        Key.standard(
            "descent.max_steps", new Form.Whole(1, Integer.MAX_VALUE - 1), 1000L, "step budget"),
        Key.standard(
            "outcome.tolerance",
            new Form.Real(1e-12, 0.999999),
            1e-3,
            "loss that counts as zero, relative to that of the start"));
  }

  @Override
  public List<String> quantities() {
    return Arrays.stream(Recorded.values()).map(Recorded::word).toList();
  }

  @Override
  public List<String> recorded() {
    return Stream.of(Recorded.LOSS, Recorded.RATE, Recorded.KERNELS, Recorded.MOVEMENT)
        .map(Recorded::word)
        .toList();
  }

  @Override
  public List<String> averages() {
    return List.of(
        "loss",
        "rate",
        "rate_predicted",
        "tangent_min_start",
        "tangent_min_end",
        "tangent_min_limit",
        "tangent_change",
        "gram_min_start",
        "gram_min_end",
        "gram_min_limit",
        "flipped",
        "largest_movement");
  }

  @Override
  public void check(Values cell) {
    checkDepth(cell);
    checkResidualScale(cell);
    checkPositions(cell);
    checkPatterns(cell);
    checkFile(cell);
    checkSize(cell);
  }

  private static void checkDepth(Values cell) {
    if (cell.sound("system.architecture", "system.depth")
        && cell.given("system.depth")
        && cell.is("system.architecture", "two-layer")
        && cell.whole("system.depth") != 1) {
      cell.refuse("system.depth", "two layers have one that is hidden", "1, or leaving it out");
    }
  }

  private static void checkResidualScale(Values cell) {
    if (cell.given("system.residual_scale")
        && cell.sound("system.architecture")
        && !cell.word("system.architecture").endsWith("resnet")) {
      cell.refuse(
          "system.residual_scale",
          "only residual layers have it",
          "leaving it out, \"resnet\" or \"conv-resnet\"");
    }
  }

  private static void checkPositions(Values cell) {
    if (!cell.sound("system.architecture")) {
      return;
    }
    boolean convolves = cell.is("system.architecture", "conv-resnet");
    for (String key : List.of("system.positions", "system.window")) {
      if (cell.given(key) && !convolves) {
        cell.refuse(key, "only convolution has it", "leaving it out, or \"conv-resnet\"");
      }
    }
    if (!convolves) {
      return;
    }
    if (!cell.given("system.positions")) {
      cell.missing(
          "system.positions", "\"conv-resnet\" needs it; allowed: a divisor of input_size");
    } else if (cell.sound("system.positions", "system.input_size")
        && cell.whole("system.input_size") % cell.whole("system.positions") != 0) {
      cell.refuse(
          "system.positions",
          "an input has as many numbers at each position",
          "a divisor of " + cell.whole("system.input_size") + ", input_size");
    }
    if (cell.sound("system.window") && cell.whole("system.window") % 2 == 0) {
      cell.refuse("system.window", "a window reaches as far to both sides", "an odd number");
    }
  }

  private static void checkPatterns(Values cell) {
    if (cell.sound("restarts.record", "system.architecture", "system.activation")
        && cell.words("restarts.record").contains(Recorded.PATTERNS.word())
        && !(cell.is("system.architecture", "two-layer") && cell.is("system.activation", "relu"))) {
      cell.refuse(
          "restarts.record",
          "patterns are those of two layers with ReLU",
          "leaving them out, or \"two-layer\" with \"relu\"");
    }
  }

  private static void checkFile(Values cell) {
    if (!cell.given(FILE) || !cell.sound(FILE, DATASET)) {
      return;
    }
    Facts facts = facts(cell);
    if (facts.wrong().isPresent()) {
      cell.refuse(FILE, facts.wrong().get(), "a file of samples");
      return;
    }
    int[] shape = facts.shape();
    if (cell.sound("system.input_size")
        && (shape.length != 2 || shape[1] != cell.whole("system.input_size") + 1)) {
      cell.refuse(
          FILE,
          "it has shape " + InputFile.show(shape),
          "a shape [samples, "
              + (cell.whole("system.input_size") + 1)
              + "], inputs of input_size numbers and a label");
    } else if (shape[0] > MOST_ROWS) {
      cell.refuse(FILE, "it has " + shape[0] + " samples", "up to " + MOST_ROWS);
    }
    if (cell.sound("system.samples")
        && cell.given("system.samples")
        && cell.whole("system.samples") != shape[0]) {
      cell.refuse("system.samples", FILE + " has " + shape[0], shape[0] + ", or leaving it out");
    }
    if (cell.sound("start.varies") && !cell.is("start.varies", "weights")) {
      cell.refuse("start.varies", "the data of a file are the same for all", "\"weights\"");
    }
    if (cell.given("system.labels")) {
      cell.refuse("system.labels", "labels stand in the file", "leaving it out");
    }
  }

  private static void checkSize(Values cell) {
    if (!cell.sound("system.architecture", "system.width", "system.input_size", "system.samples")) {
      return;
    }
    boolean convolves = cell.is("system.architecture", "conv-resnet");
    if (convolves && !cell.sound("system.positions", "system.window")) {
      return;
    }
    long positions = convolves ? cell.whole("system.positions") : 1;
    long window = convolves ? cell.whole("system.window") : 1;
    long rows = cell.whole("system.samples") * positions;
    if (rows > MOST_ROWS) {
      cell.refuse(
          "system.samples",
          "kernels would be matrices of order " + rows + ", samples × positions",
          "up to " + MOST_ROWS / positions);
    }
    long width = cell.whole("system.width");
    double first = (double) window * cell.whole("system.input_size") / positions;
    double weights = width * (first + positions + (depth(cell) - 1.0) * window * width);
    if (weights > MOST_WEIGHTS) {
      cell.refuse(
          "system.width",
          "a restart has more than " + MOST_WEIGHTS + " weights",
          "fewer units or layers");
    }
  }

  private static Facts facts(Values cell) {
    String dataset = dataset(cell);
    return cell.once(
        List.of("deep", cell.path(FILE), dataset),
        () -> {
          try {
            InputFile file = InputFile.read(cell.path(FILE), dataset);
            return new Facts(file.shape(), file.sha256(), Optional.empty());
          } catch (BrokenInputs e) {
            return new Facts(new int[0], "", Optional.of(e.getMessage()));
          }
        });
  }

  private static String dataset(Values cell) {
    return InputFile.isCsv(cell.path(FILE)) ? "" : cell.word(DATASET);
  }

  private static int depth(Values cell) {
    if (cell.is("system.architecture", "two-layer")) {
      return 1;
    }
    return cell.given("system.depth") && cell.sound("system.depth")
        ? cell.number("system.depth")
        : 2;
  }

  @Override
  public DeepExperiment build(Values cell) {
    boolean convolves = cell.is("system.architecture", "conv-resnet");
    DeepNetwork network =
        new DeepNetwork(
            Architecture.of(cell.word("system.architecture")),
            cell.number("system.width"),
            depth(cell),
            cell.number("system.input_size"),
            convolves ? cell.number("system.positions") : 1,
            convolves ? cell.number("system.window") : 1,
            Activation.valueOf(constant(cell, "system.activation")),
            cell.real("system.residual_scale"),
            cell.is("system.trained", "all") && !cell.is("system.architecture", "two-layer"));
    boolean absolute = cell.given("descent.step_size");
    return new DeepExperiment(
        network,
        samples(cell),
        Varies.valueOf(constant(cell, "start.varies")),
        new StepSize(cell.real(absolute ? "descent.step_size" : RELATIVE), !absolute),
        cell.number("descent.max_steps"),
        new DeepRule(cell.real("outcome.tolerance")),
        recorded(cell),
        cell.seed(),
        cell.streams(),
        cell.precision());
  }

  private static Samples samples(Values cell) {
    if (!cell.given(FILE)) {
      return new Samples.Sphere(
          cell.number("system.samples"), Labels.valueOf(constant(cell, "system.labels")));
    }
    Facts facts = facts(cell);
    return new Samples.File(cell.path(FILE), dataset(cell), facts.sha256(), facts.shape()[0]);
  }

  private static Set<Recorded> recorded(Values cell) {
    List<String> words = cell.words("restarts.record");
    return Arrays.stream(Recorded.values())
        .filter(quantity -> words.contains(quantity.word()))
        .collect(Collectors.toSet());
  }

  /** The enum constant of a word. */
  private static String constant(Values cell, String key) {
    return cell.word(key).toUpperCase(Locale.ROOT);
  }
}
