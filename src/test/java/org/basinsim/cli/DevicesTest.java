package org.basinsim.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.basinsim.backend.cpu.CpuBackend;
import org.basinsim.backend.reference.ReferenceBackend;
import org.basinsim.cli.Basin.Ended;
import org.basinsim.results.ResultsFile;
import org.basinsim.study.Systems;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which device a command gets, what it says of it, and what {@code devices} lists. */
class DevicesTest {
  @TempDir private Path folder;

  private static Program with(DeviceFamily... families) {
    List<DeviceFamily> always =
        List.of(
            DeviceFamily.ofOne("cpu", true, CpuBackend::new),
            DeviceFamily.ofOne("reference", false, sizing -> new ReferenceBackend()));
    return new Program(
        Systems.builtIn(),
        new Backends(Stream.concat(Stream.of(families), always.stream()).toList()));
  }

  private Ended run(Program program, String... more) {
    String study = Studies.population(folder).toString();
    String file = folder.resolve("x.h5").toString();
    return Basin.call(
        program,
        Stream.concat(Stream.of("run", study, "-o", file, "--restarts", "5"), Stream.of(more))
            .toArray(String[]::new));
  }

  /** The first message: what {@code auto} chose and why. */
  private String choice(Program program) {
    return run(program, "--device", "auto").done().messages().getFirst();
  }

  @Test
  void autoTakesTheFirstOfCudaThenAnOpenClGpuThenCpu() {
    FakeFamily cuda = FakeFamily.cuda(2);
    FakeFamily opencl = FakeFamily.opencl(1, "GPU");
    assertEquals("basin: device cuda:0: a made-up GPU", choice(with(cuda, opencl)));
    assertEquals(List.of(List.of(0)), cuda.opened);
    assertFalse(opencl.asked());
  }

  @Test
  void autoSaysWhyItPassedOverADevice() {
    assertEquals(
        "basin: device opencl:0: a made-up GPU; not cuda: no driver here",
        choice(with(FakeFamily.noCuda(), FakeFamily.opencl(1, "GPU"))));
  }

  @Test
  void autoTakesTheCpuRatherThanOpenClOnTheCpu() {
    String choice = choice(with(FakeFamily.noCuda(), FakeFamily.opencl(1, "CPU")));
    assertTrue(choice.startsWith("basin: device cpu: "), choice);
    assertTrue(
        choice.endsWith("; not cuda: no driver here; not opencl: no GPU, only opencl:0"), choice);
  }

  @Test
  void autoGoesOnWhereADeviceDoesNotOpen() {
    FakeFamily cuda = FakeFamily.cuda(1).broken("no CUDA compiler; install one");
    FakeFamily opencl = FakeFamily.opencl(2, "GPU");
    assertEquals(
        "basin: device opencl:0: a made-up GPU; not cuda: no CUDA compiler",
        choice(with(cuda, opencl)));
    assertEquals(List.of(List.of(0)), opencl.opened);
  }

  @Test
  void autoIsOneLineWhereNothingServes() {
    Program program =
        new Program(
            Systems.builtIn(),
            new Backends(List.of(FakeFamily.noCuda(), FakeFamily.opencl(1, "CPU"))));
    Ended ended = run(program);
    assertEquals(ExitCode.DEVICE_UNAVAILABLE, ended.code());
    assertEquals(
        "basin: error: device 'auto': there is none: not cuda: no driver here;"
            + " not opencl: no GPU, only opencl:0\n",
        ended.err());
  }

  @ParameterizedTest
  @CsvSource({"cuda, 0", "cuda:0, 0", "cuda:2, 2", "cuda:all, 0 1 2"})
  void aNameIsTheDeviceThatIsOpened(String device, String numbers) {
    FakeFamily cuda = FakeFamily.cuda(3);
    Ended ended = run(with(cuda), "--device", device).done();
    List<Integer> expected = Stream.of(numbers.split(" ")).map(Integer::valueOf).toList();
    assertEquals(List.of(expected), cuda.opened);
    // Who names a device knows which it is.
    assertFalse(ended.messages().getFirst().startsWith("basin: device"), ended::err);
    assertEquals("cuda", ResultsFile.open(folder.resolve("x.h5")).attributes().get("backend"));
  }

  @Test
  void aNamedDeviceIsNeverAnother() {
    Program program =
        with(FakeFamily.noCuda(), FakeFamily.opencl(2, "GPU").broken("out of memory"));
    for (String line :
        List.of(
            "cuda:0 | device 'cuda:0': no driver here; install one",
            "cuda:all | device 'cuda:all': no driver here; install one",
            "opencl:2 | device 'opencl:2': not there; there are opencl:0, opencl:1",
            "opencl:1 | out of memory")) {
      String[] parts = line.split(" \\| ");
      Ended ended = run(program, "--device", parts[0]);
      assertEquals(ExitCode.DEVICE_UNAVAILABLE, ended.code(), ended::toString);
      assertEquals("basin: error: " + parts[1] + "\n", ended.err());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "tpu",
        "",
        "CUDA:0",
        "cuda:",
        "cuda:-1",
        "cuda:x",
        "cuda:0:1",
        "opencl:all",
        "cpu:0",
        "cuda:N",
        "cuda:99999999999"
      })
  void aWordThatNamesNoDeviceIsBadUsage(String word) {
    FakeFamily cuda = FakeFamily.cuda(1);
    Ended ended = run(with(cuda, FakeFamily.noOpencl()), "--device", word);
    assertEquals(ExitCode.BAD_USAGE, ended.code());
    assertEquals(
        "basin: error: --device: "
            + word
            + ": not the name of a device; allowed: auto, cuda:N, cuda:all, opencl:N, cpu,"
            + " reference\n",
        ended.err());
    assertFalse(cuda.asked());
  }

  /** To ask a GPU takes a second, and may wake it. */
  @Test
  void aGpuIsAskedOnlyWhereOneMayBeWanted() {
    FakeFamily cuda = FakeFamily.cuda(1);
    FakeFamily opencl = FakeFamily.opencl(1, "GPU");
    Program program = with(cuda, opencl);
    run(program, "--device", "cpu").done();
    String file = folder.resolve("x.h5").toString();
    for (String line :
        List.of(
            "--help",
            "verify --help",
            "studies",
            "show FILE",
            "replay FILE --cell 0 --restart 1",
            "export FILE --csv FOLDER/csv",
            "plan du2018-phases --restarts 1 --device reference")) {
      String words = line.replace("FILE", file).replace("FOLDER", folder.toString());
      Basin.call(program, words.split(" ")).done();
    }
    assertFalse(cuda.asked());
    assertFalse(opencl.asked());
    Basin.call(program, "devices").done();
    assertTrue(cuda.asked() && opencl.asked());
  }

  @Test
  void areListedWithWhatIsMissingWhereOneIsNotUsable() {
    Program program = with(FakeFamily.noCuda(), FakeFamily.opencl(2, "CPU"));
    List<String> lines = Basin.call(program, "devices").done().out().lines().toList();
    assertEquals(7, lines.size(), lines::toString);
    assertTrue(lines.get(2).strip().matches("opencl:0 +opencl +a made-up CPU"), lines.get(2));
    assertTrue(lines.get(3).strip().startsWith("opencl:1 "), lines.get(3));
    assertTrue(lines.get(4).strip().startsWith("cpu "), lines.get(4));
    assertTrue(lines.get(5).strip().startsWith("reference "), lines.get(5));
    assertEquals("cuda is not usable: no driver here; install one", lines.get(6));
  }

  @Test
  void areListedWithWhatMultipliesMatricesWhereThereIsAChoice() {
    Program program = with(FakeFamily.cuda(1), FakeFamily.opencl(1, "GPU"));
    String table = Basin.call(program, "devices").done().out();
    assertTrue(table.endsWith("\ncuda multiplies matrices by a made-up library\n"), table);
    String csv = Basin.call(program, "devices", "--format", "csv").done().out();
    assertTrue(csv.contains("\ncuda:0,cuda,a made-up GPU,true,a made-up library,\n"), csv);
  }

  @Test
  void areListedForPrograms() {
    Program program = with(FakeFamily.noCuda(), FakeFamily.opencl(1, "GPU"));
    String json = Basin.call(program, "devices", "--format", "json").done().out();
    assertTrue(
        json.contains(
            "{\"device\":\"\",\"backend\":\"cuda\",\"description\":\"\","
                + "\"automatic\":false,\"gemm\":\"\",\"missing\":\"no driver here; install one\"}"),
        json);
    assertTrue(
        json.contains(
            "{\"device\":\"opencl:0\",\"backend\":\"opencl\","
                + "\"description\":\"a made-up GPU\",\"automatic\":true,\"gemm\":\"own\","
                + "\"missing\":\"\"}"),
        json);
  }

  /** On this machine, whatever it has. */
  @Test
  void everyListedDeviceServes() {
    String csv = Basin.call("devices", "--format", "csv").done().out();
    List<String> devices =
        csv.lines()
            .skip(1)
            .filter(line -> line.endsWith(","))
            .map(line -> line.substring(0, line.indexOf(',')))
            .toList();
    assertTrue(devices.containsAll(List.of("cpu", "reference")), csv);
    for (String device : devices) {
      Basin.call("plan", "du2018-phases", "--restarts", "1", "--device", device).done();
    }
  }
}
