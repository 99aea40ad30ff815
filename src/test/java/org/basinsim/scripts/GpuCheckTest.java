package org.basinsim.scripts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.basinsim.cli.JsonText;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** {@code scripts/gpu-check} with shell scripts in the places of the program, Maven and the GPU. */
@EnabledOnOs(OS.LINUX)
class GpuCheckTest {
  private static final String HEADER = "device,backend,description,automatic,gemm,missing\\r\\n";
  private static final String OTHERS =
      "opencl:0,opencl,\"PoCL, 2 units\",false,own,\\ncpu,cpu,lanes,true,own,\\n"
          + "reference,reference,scalar,false,own,\\n";
  private static final String GPU =
      "cuda:0,cuda,\"NVIDIA X, 80 GiB\",true,\"cublas 13.0.1, promises little\",\\n";
  private static final String NO_CUDA =
      "\"\",cuda,,false,,libcuda.so.1 is missing; install a driver\\n";

  /** Says what it is told to by files, and notes how it was called. */
  private static final String PROGRAM =
      """
      #!/usr/bin/env bash
      here=$(dirname "$0")
      echo "$*" >> "$here/calls"
      case $1 in
        --version) echo basin 9.9 ;;
        devices) printf '%b' "$(cat "$here/devices")" ;;
        verify)
          printf 'checked "all"\\tof\\\\it\\nand \\001 more\\n'
          if [ "$3" = "$FAKE_WRONG" ]; then
            echo "basin: error: $3 differs" >&2
            exit 7
          fi
          ;;
        bench)
          echo 'basin: measuring' >&2
          if [ -n "$FAKE_SLOW" ]; then exec sleep 60; fi
          if [ -n "$FAKE_CRASH" ]; then
            echo '{"rows":['
            exit 134
          fi
          printf '{\\n"rows":[{"fraction_of_limit":0.5}]\\n}\\n'
          exit "${FAKE_BENCH:-0}"
          ;;
      esac
      """;

  private static final String NVIDIA_SMI =
      """
      #!/usr/bin/env bash
      case $* in
        *-l*) for i in 1 2; do echo '0, 1980 MHz, 2619 MHz, 40, 300.00 W'; done && exec sleep 60 ;;
        *) echo 'NVIDIA X 80GB (HBM), 580.1, P0, 345 MHz, 2619 MHz, 1980 MHz, 2619 MHz, 700 W, 81559 MiB' ;;
      esac
      """;

  @TempDir Path folder;
  private Path bundle;
  private Path tools;
  private final Map<String, String> environment = new HashMap<>();

  private record Ended(int code, List<String> out, List<String> err) {}

  @BeforeEach
  void unpack() throws IOException {
    bundle = Files.createDirectories(folder.resolve("a bundle"));
    Files.createDirectories(bundle.resolve("runtime"));
    Files.createDirectories(bundle.resolve("bin"));
    Files.copy(Path.of("scripts/gpu-check"), bundle.resolve("bin/gpu-check"));
    script(bundle.resolve("bin/basin"), PROGRAM);
    tools = Files.createDirectories(folder.resolve("tools"));
    script(tools.resolve("nvidia-smi"), NVIDIA_SMI);
    environment.put("PATH", tools + ":" + System.getenv("PATH"));
  }

  private void devices(String csv) throws IOException {
    Files.writeString(bundle.resolve("bin/devices"), HEADER + csv);
  }

  private static void script(Path file, String text) throws IOException {
    Files.writeString(file, text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private Ended check(Path script, String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of(script.toString()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
    builder.environment().clear();
    builder.environment().putAll(environment);
    Path err = folder.resolve("err");
    Process process = builder.redirectError(err.toFile()).start();
    List<String> out;
    try (var reader = process.inputReader()) {
      out = reader.lines().toList();
    }
    return new Ended(process.waitFor(), out, Files.readAllLines(err));
  }

  private Ended check(String... arguments) throws Exception {
    return check(bundle.resolve("bin/gpu-check"), arguments);
  }

  private List<Path> written() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(".json")).sorted().toList();
    }
  }

  private Map<?, ?> report() throws IOException {
    return JsonText.read(Files.readString(written().getLast()));
  }

  private static List<?> failures(Map<?, ?> report) {
    return (List<?>) report.get("failures");
  }

  @Test
  void withoutAGpuSaysSoInOneLine() throws Exception {
    script(tools.resolve("nvidia-smi"), "#!/usr/bin/env bash\necho no driver\nexit 9\n");
    devices(NO_CUDA + OTHERS);
    Ended ended = check();
    assertEquals(3, ended.code());
    assertEquals(List.of(), ended.out());
    assertEquals(
        List.of("gpu-check: no GPU here (cuda: libcuda.so.1 is missing; install a driver)"),
        ended.err());
    assertEquals(List.of(), written());
  }

  @Test
  void verifiesEveryDeviceMeasuresAndWritesItDown() throws Exception {
    devices(GPU + OTHERS);
    Ended ended = check();
    assertEquals(0, ended.code(), ended::toString);
    assertTrue(ended.err().stream().allMatch(line -> line.startsWith("basin: ")), ended::toString);
    assertEquals(
        List.of(
            "--version",
            "devices --format csv",
            "verify --device cuda:0",
            "verify --device opencl:0",
            "verify --device cpu",
            "bench --format json"),
        Files.readAllLines(bundle.resolve("bin/calls")));
    String name = written().getFirst().getFileName().toString();
    assertTrue(name.matches("\\d{4}-\\d\\d-\\d\\d-NVIDIA-X-80GB-HBM\\.json"), name);

    Map<?, ?> report = report();
    assertEquals(true, report.get("passed"));
    assertEquals(List.of(), failures(report));
    assertEquals("basin 9.9", report.get("software"));
    assertEquals("null", report.get("checkout"));
    assertTrue(report.get("contract").toString().startsWith("not run: verify alone"));
    Map<?, ?> gpu = JsonText.objects(report, "gpus").getFirst();
    assertEquals("NVIDIA X 80GB (HBM)", gpu.get("name"));
    assertEquals("580.1", gpu.get("driver_version"));
    assertEquals("345 MHz", gpu.get("clocks.sm"));
    assertEquals("81559 MiB", gpu.get("memory.total"));
    assertEquals(
        List.of("cuda:0: cublas 13.0.1, promises little", "opencl:0: own", "cpu: own"),
        report.get("products_of_matrices"));
    Map<?, ?> verified = JsonText.objects(report, "steps").getFirst();
    assertEquals("verify cuda:0", verified.get("step"));
    assertEquals(0.0, verified.get("exit_code"));
    assertEquals("checked \"all\"\tof\\it\nand  more", verified.get("output"));
    Map<?, ?> row = JsonText.objects((Map<?, ?>) report.get("bench"), "rows").getFirst();
    assertEquals(0.5, row.get("fraction_of_limit"));

    assertEquals(0, check(folder.toString()).code());
    assertEquals(2, written().size(), "an older file stays");
    assertTrue(written().stream().anyMatch(file -> file.toString().endsWith("-2.json")));
  }

  @Test
  void whatFailsIsWrittenDownAndTheRestIsDone() throws Exception {
    devices(GPU + OTHERS);
    environment.put("FAKE_WRONG", "cuda:0");
    environment.put("FAKE_BENCH", "1");
    Ended ended = check();
    assertEquals(1, ended.code());
    Map<?, ?> report = report();
    assertEquals(false, report.get("passed"));
    assertEquals(
        List.of(
            "verify cuda:0: exit code 7: basin: error: cuda:0 differs",
            "bench: exit code 1: basin: measuring"),
        failures(report));
    assertEquals(4, JsonText.objects(report, "steps").size());
    assertTrue(report.get("bench") instanceof Map, "failed rows are in it");
  }

  @Test
  void aCrashLeavesNoHalfJson() throws Exception {
    devices(GPU + OTHERS);
    environment.put("FAKE_CRASH", "yes");
    assertEquals(1, check().code());
    assertEquals("null", report().get("bench"));
    assertEquals(List.of("bench: exit code 134: basin: measuring"), failures(report()));
  }

  @Test
  void aGpuThatCannotServeIsAFailure() throws Exception {
    devices("cuda:0,cuda,NVIDIA X,true,,\"no NVRTC, no nvcc; install one\"\\n" + OTHERS);
    assertEquals(1, check().code());
    assertEquals(List.of("cuda:0: no NVRTC, no nvcc; install one"), failures(report()));

    Files.delete(written().getFirst());
    devices(NO_CUDA + OTHERS);
    assertEquals(1, check().code());
    assertEquals(List.of("cuda: libcuda.so.1 is missing; install a driver"), failures(report()));
  }

  @Test
  void whatIsNotDoneInTimeIsAFailure() throws Exception {
    devices(GPU + OTHERS);
    environment.put("FAKE_SLOW", "yes");
    environment.put("GPU_CHECK_SECONDS", "2");
    assertEquals(1, check().code());
    assertTrue(
        failures(report()).contains("bench: not done when 2 s were over"), report()::toString);
  }

  @Test
  void inACheckoutTheContractRunsByMaven() throws Exception {
    Path project = folder.resolve("a project");
    Path scripts = Files.createDirectories(project.resolve("scripts"));
    for (String script : List.of("gpu-check", "jdk")) {
      Files.copy(Path.of("scripts", script), scripts.resolve(script));
    }
    script(scripts.resolve("basin"), PROGRAM);
    Files.writeString(scripts.resolve("devices"), HEADER + GPU + OTHERS);
    script(tools.resolve("mvn"), "#!/usr/bin/env bash\necho \"$JAVA_HOME $*\"\nexit 1\n");
    Path jdk = folder.resolve("jdk");
    Files.createDirectories(jdk.resolve("bin"));
    script(jdk.resolve("bin/java"), "#!/usr/bin/env bash\n");
    Files.writeString(jdk.resolve("release"), "JAVA_VERSION=\"25.0.3\"\n");
    environment.put("BASIN_JAVA", jdk.toString());

    assertEquals(1, check(scripts.resolve("gpu-check")).code());
    Path results = project.resolve("benchmarks/results");
    try (Stream<Path> files = Files.list(results)) {
      Map<?, ?> report = JsonText.read(Files.readString(files.findFirst().orElseThrow()));
      assertEquals("run", report.get("contract"));
      assertEquals(1, failures(report).size(), report::toString);
      String output = JsonText.objects(report, "steps").getLast().get("output").toString();
      assertTrue(output.startsWith(jdk + " "), output);
      assertTrue(output.contains("-Dtest=*ContractTest"), output);
      assertFalse(output.contains("skip"), output);
    }
  }

  @Test
  void takesOneFolder() throws Exception {
    devices(GPU + OTHERS);
    for (String[] wrong : new String[][] {{"--help"}, {"a", "b"}}) {
      Ended ended = check(wrong);
      assertEquals(2, ended.code());
      assertEquals(List.of("usage: gpu-check [FOLDER]"), ended.err());
    }
    assertEquals(List.of(), written());
  }
}
