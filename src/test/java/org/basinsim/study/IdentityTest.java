package org.basinsim.study;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A key is in the identity exactly where it influences an outcome. */
class IdentityTest {
  private static final String BASE =
      """
      name = "t"
      seed = 1
      restarts.per_cell = 10
      system.patches = 4
      teacher.output_ratio = 1
      """;

  private static final String NOISE =
      "descent.noise.filter=36; descent.noise.output=1; descent.noise.decay=0.4;"
          + " descent.noise.step_decay=0.8; descent.noise.epoch=400";

  private static final Map<String, String> STUDIES =
      Map.of(
          "verdict", "descent.oracle=population",
          "accuracy", "outcome.stop=accuracy",
          "online", "descent.oracle=online",
          "empirical", "descent.oracle=empirical",
          "average", "system.output=average",
          "adam", "descent.oracle=online; descent.optimizer=adam",
          "momentum",
              "descent.oracle=empirical; system.inputs=correlated; descent.optimizer=momentum",
          "leaky", "descent.oracle=online; system.activation=leaky-relu",
          "noise", NOISE,
          "splitting",
              "descent.oracle=empirical; system.output=average; system.inputs=set-splitting;"
                  + " system.patches=2; system.patch_size=12; system.set_splitting.elements=6;"
                  + " system.set_splitting.subsets=9");

  private static final String ALL =
      "verdict accuracy noise online empirical average adam momentum leaky";

  /** Those without data sets, whose inputs are Gaussian for good. */
  private static final String GAUSSIAN = "verdict accuracy noise online average adam leaky";

  private static final String DRAWN = ALL + " splitting";
  private static final String LEARNED =
      "verdict accuracy noise online empirical adam momentum leaky";

  /**
   * A key with another value than the base's.
   *
   * @param changes the studies whose identity it changes
   * @param refused the studies that refuse it
   */
  record Mutation(String key, String value, String changes, String refused) {
    boolean in(String studies, String study) {
      return List.of(studies.split(" ")).contains(study);
    }
  }

  private static Mutation mutation(String key, String value, String changes) {
    return new Mutation(key, value, changes, "");
  }

  /** A key of noise, which is half a schedule elsewhere. */
  private static Mutation noise(String key, String value) {
    String others = LEARNED.replace("noise ", "") + " average splitting";
    return new Mutation("descent.noise." + key, value, "noise", others);
  }

  static Stream<Mutation> mutations() {
    return Stream.of(
        mutation("schema", "1", ""),
        mutation("name", "u", ""),
        mutation("title", "some", ""),
        mutation("seed", "2", DRAWN),
        mutation("restarts.per_cell", "11", ""),
        mutation("restarts.streams", "common", DRAWN),
        new Mutation("restarts.record", "[]", "", "empirical momentum splitting"),
        new Mutation("restarts.precision", "single", "", "splitting"),
        mutation("restarts.interval", "jeffreys", ""),
        mutation("restarts.confidence", "0.9", ""),
        mutation("table.within", "[5]", ""),
        mutation("table.mean", "[\"loss\"]", ""),
        mutation("system.kind", "conv", ""),
        new Mutation("system.patches", "5", ALL, "splitting"),
        new Mutation("system.patch_size", "7", ALL, "splitting"),
        new Mutation("system.stride", "5", "average", LEARNED + " splitting"),
        new Mutation("system.output", "average", LEARNED, "noise"),
        new Mutation("system.weight_normalization", "true", "", "average splitting"),
        mutation("system.activation", "relu", "leaky"),
        new Mutation(
            "system.activation",
            "leaky-relu",
            "verdict accuracy online empirical average adam momentum",
            "noise splitting"),
        mutation("system.leaky_slope", "0.3", "leaky"),
        mutation("system.inputs", "gaussian", "splitting momentum"),
        new Mutation("system.inputs", "uniform", "empirical momentum splitting", GAUSSIAN),
        new Mutation("system.inputs", "rademacher", "empirical momentum splitting", GAUSSIAN),
        new Mutation("system.set_splitting.elements", "7", "", "splitting"),
        mutation("system.set_splitting.subsets", "7", "splitting"),
        new Mutation("system.shortcut", "true", LEARNED, "average splitting"),
        mutation("system.correlation", "0.4", "momentum"),
        mutation("teacher.filter_norm", "2", ALL),
        mutation("teacher.output_norm", "2", LEARNED),
        mutation("teacher.output_ratio", "2", LEARNED),
        new Mutation("teacher.filter", "[0, 1, 0, 0, 0, 0]", ALL, "splitting"),
        mutation("start.filter", "cube", DRAWN),
        mutation("start.output", "sphere", LEARNED),
        mutation("start.output_radius", "2", LEARNED),
        new Mutation("start.signs", "quadruple", LEARNED, "empirical average momentum splitting"),
        mutation("start.sampling", "random", ""),
        new Mutation(
            "descent.oracle",
            "online",
            "verdict accuracy empirical average",
            "noise splitting momentum"),
        mutation("descent.batch", "64", "online adam leaky"),
        mutation("descent.share", "2", "online adam leaky"),
        new Mutation("descent.sampling", "direct", "online leaky", ""),
        new Mutation("descent.samples", "500", "empirical momentum", "splitting"),
        mutation("descent.data_sets", "8", "empirical momentum splitting"),
        mutation("descent.optimizer", "gd", "adam momentum"),
        new Mutation(
            "descent.optimizer",
            "adagrad",
            "online empirical adam momentum splitting leaky",
            "verdict accuracy noise average"),
        mutation("descent.momentum", "0.8", "momentum"),
        mutation("descent.beta1", "0.8", "adam"),
        mutation("descent.beta2", "0.8", "adam"),
        mutation("descent.epsilon", "1e-7", "adam"),
        mutation("descent.step_size", "0.1", DRAWN),
        mutation("descent.max_steps", "41000", DRAWN),
        noise("filter", "30"),
        noise("output", "2"),
        noise("decay", "0.5"),
        noise("step_decay", "0.9"),
        noise("epoch", "300"),
        mutation("outcome.stop", "accuracy", "verdict"),
        mutation("outcome.angle", "0.1", "accuracy noise online adam leaky"),
        mutation("outcome.output", "0.2", "accuracy noise online adam leaky"),
        mutation("outcome.distance", "0.1", "average"),
        mutation("outcome.loss", "1e-5", "empirical momentum splitting"),
        mutation("outcome.gradient", "1e-5", "empirical momentum splitting"));
  }

  private static String identity(String... settings) {
    return new StudyReader(Systems.builtIn())
        .parse(
            BASE,
            "study.toml",
            Path.of(""),
            Arrays.stream(settings)
                .flatMap(some -> Arrays.stream(some.split("; ")))
                .map(Setting::parse)
                .toList())
        .cells()
        .getFirst()
        .experiment()
        .identity();
  }

  @ParameterizedTest
  @MethodSource("mutations")
  void aKeyChangesTheIdentityWhereItMatters(Mutation mutation) {
    List<String> changed = new ArrayList<>();
    List<String> expected = new ArrayList<>();
    STUDIES.forEach((study, setting) -> {
      if (!mutation.in(mutation.refused(), study)) {
        String mutated = mutation.key() + "=" + mutation.value();
        if (!identity(setting).equals(identity(setting, mutated))) {
          changed.add(study);
        }
        if (mutation.in(mutation.changes(), study)) {
          expected.add(study);
        }
      }
    });
    assertEquals(expected, changed);
  }

  @Test
  void everyKeyIsMutated() {
    // Output weights exclude the ratio of the base; files have tests of their own.
    Set<String> elsewhere = Set.of("teacher.output", "system.inputs.file", "system.inputs.dataset");
    ConvKind conv = new ConvKind();
    Set<String> keys =
        Stream.concat(
                CommonKeys.of(conv.quantities(), conv.recorded(), conv.averages()).stream(),
                Stream.concat(Stream.of(CommonKeys.kind(Systems.builtIn())), conv.keys().stream()))
            .filter(key -> !(key.form() instanceof Form.Later))
            .map(Key::name)
            .filter(key -> !elsewhere.contains(key))
            .collect(Collectors.toCollection(TreeSet::new));
    Set<String> mutated =
        mutations().map(Mutation::key).collect(Collectors.toCollection(TreeSet::new));
    assertEquals(keys, mutated);
  }
}
