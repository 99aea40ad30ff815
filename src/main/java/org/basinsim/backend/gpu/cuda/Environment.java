package org.basinsim.backend.gpu.cuda;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Where things are looked for.
 *
 * @param variables of the process
 * @param root of the file system
 * @param home of the user
 * @param windows or else a Unix
 */
record Environment(Map<String, String> variables, Path root, Path home, boolean windows) {
  private static final Pattern NUMBERS = Pattern.compile("\\D+");

  static Environment ofProcess() {
    boolean windows = System.getProperty("os.name").startsWith("Windows");
    return new Environment(
        System.getenv(),
        Path.of(windows ? "C:\\" : "/"),
        Path.of(System.getProperty("user.home")),
        windows);
  }

  /** A variable that names a folder, where it is set to one that can exist. */
  Optional<Path> folder(String variable) {
    return paths(variable).stream().findFirst();
  }

  /** A variable that names folders, as {@code PATH} does. */
  List<Path> paths(String variable) {
    List<Path> paths = new ArrayList<>();
    for (String each : variables.getOrDefault(variable, "").split(File.pathSeparator)) {
      try {
        Path path = Path.of(each);
        if (path.isAbsolute()) {
          paths.add(path);
        }
      } catch (InvalidPathException e) {
        // Whatever it means, it is no folder.
      }
    }
    return paths;
  }

  /** CUDA toolkits that a variable names. */
  List<Path> namedToolkits() {
    return Stream.of("CUDA_PATH", "CUDA_HOME").flatMap(name -> folder(name).stream()).toList();
  }

  /** CUDA toolkits in the usual places, newest first. */
  List<Path> usualToolkits() {
    if (windows) {
      return matching(root.resolve("Program Files/NVIDIA GPU Computing Toolkit/CUDA"), "v[0-9.]+");
    }
    List<Path> toolkits = new ArrayList<>(matching(root.resolve("usr/local"), "cuda(-[0-9.]+)?"));
    toolkits.add(root.resolve("opt/cuda"));
    return toolkits;
  }

  /** What a folder holds under such names, highest version first; nothing where it is none. */
  static List<Path> matching(Path folder, String name) {
    Pattern pattern = Pattern.compile(name);
    try (Stream<Path> entries = Files.list(folder)) {
      return entries
          .filter(entry -> pattern.matcher(entry.getFileName().toString()).matches())
          .sorted(
              Comparator.comparing(Environment::numbers, Arrays::compare)
                  .reversed()
                  .thenComparing(Comparator.naturalOrder()))
          .toList();
    } catch (IOException e) {
      return List.of();
    }
  }

  /** The numbers in a name: 13, 0 for cuda-13.0. */
  private static int[] numbers(Path path) {
    return NUMBERS
        .splitAsStream(path.getFileName().toString())
        .filter(number -> !number.isEmpty() && number.length() < 10)
        .mapToInt(Integer::parseInt)
        .toArray();
  }
}
