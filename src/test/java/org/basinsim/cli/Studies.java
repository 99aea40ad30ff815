package org.basinsim.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Small studies that tests run. */
final class Studies {
  private Studies() {}

  /** Four population cells of 60 restarts. */
  static Path population(Path folder) {
    return write(
        folder,
        "population",
        """
        [system]
        kind = "conv"
        patches = [5, 9]

        [teacher]
        output_ratio = [0.5, 1]

        [restarts]
        per_cell = 60
        """);
  }

  /** Two cells that record different columns: only undecided online restarts have a basin. */
  static Path oracles(Path folder) {
    return write(
        folder,
        "oracles",
        """
        [system]
        kind = "conv"
        patches = 5

        [teacher]
        output_ratio = 1

        [descent]
        oracle = ["population", "online"]
        batch = 8
        max_steps = 50

        [restarts]
        per_cell = 40
        """);
  }

  /** A cell whose restarts share one data set, and one with five of them. */
  static Path dataSets(Path folder) {
    return write(
        folder,
        "data-sets",
        """
        [system]
        kind = "conv"
        patches = 3
        patch_size = 2

        [teacher]
        output_ratio = 1

        [descent]
        oracle = "empirical"
        samples = 20
        data_sets = [1, 5]
        max_steps = 200

        [restarts]
        per_cell = 20
        """);
  }

  /** Two cells of over-parameterized networks, with a table of its own. */
  static Path deep(Path folder) {
    return write(
        folder,
        "deep",
        """
        [system]
        kind = "deep"
        architecture = "two-layer"
        activation = "relu"
        width = [5, 40]
        samples = 7
        input_size = 7

        [descent]
        max_steps = 60

        [outcome]
        tolerance = 0.1

        [restarts]
        per_cell = 30
        record = ["loss", "patterns"]

        [table]
        within = [10, 20]
        mean = ["loss", "flipped"]
        """);
  }

  static Path write(Path folder, String name, String tables) {
    String head = "schema = 1\nname = \"%s\"\nseed = 5\n\n".formatted(name);
    try {
      return Files.writeString(folder.resolve(name + ".toml"), head + tables);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
