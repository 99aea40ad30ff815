package org.basinsim.validation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.basinsim.cli.Basin;

/** Runs studies by the program's own command, from TOML to HDF5. */
final class CommandLine {
  private CommandLine() {}

  /**
   * Runs a study on the CPU.
   *
   * @param folder where files of this name are made
   * @return the results file
   */
  static Path run(Path folder, String name, String study, String... options) throws IOException {
    Path toml = Files.writeString(folder.resolve(name + ".toml"), study);
    Path file = folder.resolve(name + ".h5");
    List<String> arguments =
        new ArrayList<>(List.of("run", toml.toString(), "-o", file.toString(), "--device", "cpu"));
    arguments.addAll(List.of(options));
    Basin.call(arguments.toArray(String[]::new)).done();
    return file;
  }
}
