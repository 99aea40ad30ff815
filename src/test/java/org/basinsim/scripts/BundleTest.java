package org.basinsim.scripts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.basinsim.cli.Basin;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * The archive that {@code scripts/bundle} packs, unpacked elsewhere and started without any
 * environment. {@code scripts/test} builds the jar before; without it the bundle does.
 */
@EnabledOnOs(value = OS.LINUX, architectures = "amd64")
class BundleTest {
  /** What a bundle may weigh, in bytes. */
  private static final long MOST = 60_000_000;

  @TempDir private static Path folder;
  private static Path archive;
  private static Path bundle;

  private record Ended(int code, String out, String err) {
    Ended done() {
      assertEquals(0, code, this::toString);
      return this;
    }
  }

  @BeforeAll
  static void pack() throws Exception {
    archive = folder.resolve("a bundle.tar.gz");
    String java = "BASIN_JAVA=" + System.getProperty("java.home");
    String script = Path.of("scripts/bundle").toRealPath().toString();
    call(folder, List.of("env", java, script, archive.toString())).done();
    Path elsewhere = Files.createDirectories(folder.resolve("else where"));
    call(elsewhere, List.of("tar", "xf", archive.toString())).done();
    bundle = elsewhere.resolve("basin");
  }

  @Test
  void isSmall() throws IOException {
    assertTrue(Files.size(archive) < MOST, Files.size(archive) + " bytes");
  }

  /** A run and everything that reads its file, so that a module that is missing would show. */
  @Test
  void completesAStudyWithoutAnyEnvironment() throws Exception {
    Path results = folder.resolve("phases.h5");
    String study = "du2018-phases";
    basin("run", study, "--restarts", "40", "--device", "cpu", "-o", results.toString()).done();
    Ended shown = basin("show", results.toString(), "--format", "csv").done();
    assertEquals(5, shown.out().lines().count(), shown.out());
    assertEquals("", shown.err());

    Path here = folder.resolve("here.h5");
    Basin.call("run", study, "--restarts", "40", "-o", here.toString()).done();
    assertEquals(Basin.call("show", here.toString(), "--format", "csv").done().out(), shown.out());

    basin("export", results.toString(), "--csv", folder.resolve("csv").toString()).done();
    basin("replay", results.toString(), "--cell", "1", "--restart", "3").done();
  }

  @Test
  void hasTheCheckForGpuHosts() throws Exception {
    String check = bundle.resolve("bin/gpu-check").toString();
    Ended ended = call(folder, List.of("env", "-i", check, "--help"));
    assertEquals(2, ended.code());
    assertEquals("usage: gpu-check [FOLDER]\n", ended.err());
  }

  @Test
  void startsFromItsCache() throws Exception {
    Path cache = bundle.resolve("basin.aot");
    List<String> java = new ArrayList<>();
    java.add(bundle.resolve("runtime/bin/java").toString());
    // The flags of commands that only print; with this mode an unfit cache is an error.
    java.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:AOTMode=on"));
    java.addAll(List.of("-XX:AOTCache=" + cache, "-jar", bundle.resolve("basin.jar").toString()));
    java.add("--version");
    assertTrue(call(folder, java).done().out().startsWith("basin "));
  }

  @Test
  void hasTheNativesOfItsPlatformAlone() throws Exception {
    List<String> natives = new ArrayList<>();
    try (Stream<Path> jars = Files.list(bundle.resolve("lib"))) {
      for (Path jar :
          jars.filter(file -> file.toString().matches(".*/jc\\w+-natives-.*")).toList()) {
        try (ZipFile zip = new ZipFile(jar.toFile())) {
          zip.stream().map(ZipEntry::getName).forEach(natives::add);
        }
      }
    }
    natives.removeIf(name -> !name.matches("lib/.+"));
    assertEquals(3, natives.size(), natives::toString);
    assertTrue(natives.stream().anyMatch(name -> name.contains("JCublas2")), natives::toString);
    assertTrue(natives.stream().anyMatch(name -> name.contains("JCudaDriver")), natives::toString);
    assertTrue(natives.stream().allMatch(name -> name.endsWith("-linux-x86_64.so")));
  }

  private static Ended basin(String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of("env", "-i", bundle.resolve("bin/basin") + ""));
    command.addAll(List.of(arguments));
    return call(folder, command);
  }

  private static Ended call(Path where, List<String> command) throws Exception {
    Path err = Files.createTempFile(folder, "err", "");
    Process process =
        new ProcessBuilder(command).directory(where.toFile()).redirectError(err.toFile()).start();
    String out;
    try (var reader = process.inputReader()) {
      out = reader.readAllAsString();
    }
    return new Ended(process.waitFor(), out, Files.readString(err));
  }
}
