package org.basinsim.scripts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code scripts/basin} in a copied project, with shell scripts in the places of java and mvn. */
@DisabledOnOs(OS.WINDOWS)
class LauncherTest {
  /** What the launcher calls; nothing else is on its PATH, no Maven in particular. */
  private static final List<String> TOOLS =
      List.of(
          "basename", "bash", "dirname", "env", "find", "flock", "mkdir", "mv", "readlink", "rm");

  /** Prints its process id and its arguments, one a line. */
  private static final String FAKE_JAVA =
      """
      #!/usr/bin/env bash
      printf '%s\\n' "pid $$" "$@"
      exit "${FAKE_EXIT:-0}"
      """;

  @TempDir Path folder;
  private Path project;
  private Path jar;
  private Path tools;
  private final Map<String, String> environment = new HashMap<>();

  private record Ended(int code, long pid, List<String> out, List<String> err) {
    /** The arguments behind {@code -jar}, without the jar. */
    List<String> arguments() {
      return out.subList(out.indexOf("-jar") + 2, out.size());
    }
  }

  @BeforeEach
  void copyTheProject() throws IOException {
    project = Files.createDirectories(folder.resolve("a project"));
    for (String script : List.of("basin", "jdk", "jvm")) {
      Path copy = project.resolve("scripts").resolve(script);
      Files.createDirectories(copy.getParent());
      Files.copy(Path.of("scripts", script), copy);
    }
    Files.createDirectories(project.resolve("src/main"));
    Files.createFile(project.resolve("pom.xml"));
    jar = Files.createFile(Files.createDirectories(project.resolve("target")).resolve("basin.jar"));
    tools = Files.createDirectories(folder.resolve("tools"));
    for (String tool : TOOLS) {
      for (String bin : List.of("/usr/bin", "/bin")) {
        if (Files.exists(Path.of(bin, tool)) && Files.notExists(tools.resolve(tool))) {
          script(tools.resolve(tool), "#!/bin/sh\nexec " + bin + "/" + tool + " \"$@\"\n");
        }
      }
    }
    environment.put("PATH", tools.toString());
    environment.put("HOME", folder.toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"25", "25.0.1", "25.0.2"})
  void refusesBuildsThatMayMovePinnedArrays(String version) throws Exception {
    environment.put("BASIN_JAVA", jdk(version).toString());
    Ended ended = launch("--help");
    assertEquals(1, ended.code());
    assertEquals(List.of(), ended.out());
    assertEquals(1, ended.err().size());
    assertTrue(ended.err().getFirst().contains("JDK " + version + " in "), ended::toString);
    assertTrue(ended.err().getFirst().contains("JDK-8377811"), ended::toString);
  }

  @ParameterizedTest
  @ValueSource(strings = {"1.8.0_402", "17.0.15", "24.0.2", ""})
  void refusesAnOlderJdkThatWasAskedFor(String version) throws Exception {
    environment.put("BASIN_JAVA", jdk(version).toString());
    Ended ended = launch("--help");
    assertEquals(1, ended.code());
    assertEquals(1, ended.err().size());
    assertTrue(ended.err().getFirst().contains("not the folder of a JDK 25.0.3"), ended::toString);
  }

  @ParameterizedTest
  @ValueSource(strings = {"25.0.3", "25.0.10", "25.1", "25.0.3.1", "26", "26-ea"})
  void takesAFittingJdkFromJavaHome(String version) throws Exception {
    environment.put("JAVA_HOME", jdk(version).toString());
    Ended ended = launch("--help");
    assertEquals(0, ended.code(), ended::toString);
    assertEquals(List.of("--help"), ended.arguments());
  }

  @ParameterizedTest
  @ValueSource(strings = {"17.0.15", "25.0.2"})
  void passesOverAnUnfitJavaHome(String version) throws Exception {
    environment.put("JAVA_HOME", jdk(version).toString());
    environment.put("PATH", tools + ":" + jdk("25.0.3").resolve("bin"));
    assertEquals(List.of("--version"), launch("--version").arguments());
  }

  @Test
  void becomesJavaWithItsArgumentsAndExitCode() throws Exception {
    environment.put("BASIN_JAVA", jdk("25.0.3").toString());
    environment.put("FAKE_EXIT", "130");
    Process process = start(folder, project.resolve("scripts/basin"), "show", "a  b", "", "*");
    Ended ended = end(process);
    assertEquals(130, ended.code());
    assertEquals(process.pid(), ended.pid(), "one process, so that signals reach java");
    assertEquals(List.of("show", "a  b", "", "*"), ended.arguments());
    assertEquals(List.of(), ended.err());
  }

  @Test
  void findsTheProjectThroughLinks() throws Exception {
    environment.put("BASIN_JAVA", jdk("25.0.3").toString());
    Path elsewhere = Files.createDirectories(folder.resolve("else where"));
    Files.createSymbolicLink(elsewhere.resolve("relative"), Path.of("../a project/scripts/basin"));
    Files.createSymbolicLink(elsewhere.resolve("basin"), elsewhere.resolve("relative"));
    Ended ended = end(start(Path.of("/"), elsewhere.resolve("basin"), "studies"));
    assertEquals(jar.toRealPath().toString(), ended.out().get(ended.out().indexOf("-jar") + 1));
  }

  @Test
  void inABundleTheRuntimeThereServesAndNothingIsBuilt() throws Exception {
    Path bundle = Files.createDirectories(folder.resolve("a bundle"));
    for (String script : List.of("basin", "jvm")) {
      Files.createDirectories(bundle.resolve("bin"));
      Files.copy(Path.of("scripts", script), bundle.resolve("bin").resolve(script));
    }
    Files.createDirectories(bundle.resolve("runtime/bin"));
    script(bundle.resolve("runtime/bin/java"), FAKE_JAVA);
    environment.put("BASIN_JAVA", jdk("25.0.3").toString());
    Ended ended = end(start(Path.of("/"), bundle.resolve("bin/basin"), "show", "x y"));
    assertEquals(0, ended.code(), ended::toString);
    assertEquals(List.of("show", "x y"), ended.arguments());
    String jar = ended.out().get(ended.out().indexOf("-jar") + 1);
    assertEquals(bundle.toRealPath().resolve("basin.jar").toString(), jar);
    assertEquals(List.of(), ended.err());

    script(bundle.resolve("runtime/bin/java"), "#!/bin/sh\necho pid $$\nenv\n");
    environment.clear();
    ended = end(start(Path.of("/"), bundle.resolve("bin/basin"), "devices"));
    assertTrue(ended.out().stream().anyMatch(line -> line.startsWith("PATH=/")), ended::toString);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "run",
        "plan",
        "exact",
        "replay",
        "devices",
        "verify",
        "bench",
        "--quiet run",
        "--log json plan"
      })
  void commandsThatSimulateGetTheVectorModuleAndThroughput(String line) throws Exception {
    environment.put("BASIN_JAVA", jdk("25.0.3").toString());
    List<String> out = launch(line.split(" ")).out();
    assertTrue(out.contains("--add-modules=jdk.incubator.vector"), out::toString);
    assertFalse(out.contains("-XX:TieredStopAtLevel=1"), out::toString);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "--help", "show run", "studies", "export", "merge"})
  void otherCommandsStartLight(String line) throws Exception {
    environment.put("BASIN_JAVA", jdk("25.0.3").toString());
    List<String> out = launch(line.split(" ")).out();
    assertFalse(out.contains("--add-modules=jdk.incubator.vector"), out::toString);
    assertTrue(out.contains("-XX:TieredStopAtLevel=1"), out::toString);
  }

  @Test
  void buildsWhatIsMissingOrStaleAndNothingElse() throws Exception {
    environment.put("BASIN_JAVA", jdk("25.0.3").toString());
    script(tools.resolve("mvn"), "#!/usr/bin/env bash\necho > '" + jar + "'\n");
    assertEquals(List.of(), launch("--help").err(), "fresh");

    Path source = Files.createFile(project.resolve("src/main/Source.java"));
    Files.setLastModifiedTime(jar, FileTime.from(Instant.parse("2020-01-01T00:00:00Z")));
    List<String> progress = launch("--help").err();
    assertEquals(1, progress.size(), progress::toString);
    assertTrue(progress.getFirst().startsWith("basin: building "), progress::toString);
    assertEquals(List.of(), launch("--help").err(), "built");

    Instant built = Files.getLastModifiedTime(jar).toInstant();
    Files.delete(source);
    Files.setLastModifiedTime(project.resolve("src/main"), FileTime.from(built.plusSeconds(1)));
    assertEquals(1, launch("--help").err().size(), "a deleted source counts");
  }

  @Test
  void aFailedBuildNamesItsLog() throws Exception {
    environment.put("BASIN_JAVA", jdk("25.0.3").toString());
    script(tools.resolve("mvn"), "#!/usr/bin/env bash\necho broken\nexit 1\n");
    Files.delete(jar);
    Ended ended = launch("run", "study");
    Path log = project.resolve("target/build.log").toRealPath();
    assertEquals(1, ended.code());
    assertEquals("basin: the build failed; see " + log, ended.err().getLast());
    assertEquals("broken\n", Files.readString(log));
  }

  @Test
  void saysThatMavenIsMissing() throws Exception {
    environment.put("BASIN_JAVA", jdk("25.0.3").toString());
    Files.delete(jar);
    Ended ended = launch("--help");
    assertEquals(1, ended.code());
    assertEquals(List.of("basin: Maven (mvn) is needed and not on PATH"), ended.err());
  }

  /** A folder that looks like a JDK of this version; without a version, a folder that does not. */
  private Path jdk(String version) throws IOException {
    Path jdk = Files.createDirectories(folder.resolve("jdk " + version + "/bin")).getParent();
    script(jdk.resolve("bin/java"), FAKE_JAVA);
    if (!version.isEmpty()) {
      Files.writeString(
          jdk.resolve("release"), "OS_NAME=\"Linux\"\nJAVA_VERSION=\"" + version + "\"\n");
    }
    return jdk;
  }

  private static void script(Path file, String text) throws IOException {
    Files.writeString(file, text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private Ended launch(String... arguments) throws Exception {
    return end(start(folder, project.resolve("scripts/basin"), arguments));
  }

  private Process start(Path where, Path launcher, String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of(launcher.toString()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).directory(where.toFile());
    builder.environment().clear();
    builder.environment().putAll(environment);
    return builder.redirectError(folder.resolve("err").toFile()).start();
  }

  private Ended end(Process process) throws Exception {
    List<String> out;
    try (var reader = process.inputReader()) {
      out = new ArrayList<>(reader.lines().toList());
    }
    int code = process.waitFor();
    List<String> err = Files.readAllLines(folder.resolve("err"));
    long pid = out.isEmpty() ? -1 : Long.parseLong(out.removeFirst().replace("pid ", ""));
    return new Ended(code, pid, out, err);
  }
}
