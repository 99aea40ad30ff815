package org.basinsim.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.basinsim.backend.Backend;
import org.basinsim.backend.BackendUnavailable;
import org.basinsim.backend.Trainer;
import org.basinsim.backend.WorkSizing;
import org.basinsim.backend.cpu.CpuBackend;
import org.basinsim.cli.Basin.Ended;
import org.basinsim.model.Experiment;
import org.basinsim.model.Precision;
import org.basinsim.study.Systems;
import org.basinsim.verification.Disguised;
import org.junit.jupiter.api.Test;

/** {@code basin verify}; what it compares is tested beside {@code Verification}. */
class VerifyCommandTest {
  private static final Backend CPU = new CpuBackend(WorkSizing.automatic());

  /** The CPU in the place of the reference: it answers at once. */
  private static Ended verify(Backend device, String... more) {
    Program program =
        new Program(
            Systems.builtIn(),
            new Backends(
                List.of(
                    DeviceFamily.ofOne("cpu", true, sizing -> device),
                    DeviceFamily.ofOne("reference", false, sizing -> CPU))));
    String[] words = new String[more.length + 1];
    words[0] = "verify";
    System.arraycopy(more, 0, words, 1, more.length);
    return Basin.call(program, words);
  }

  @Test
  void theCpuAgreesWithTheReference() {
    Ended ended = Basin.call("verify", "--device", "cpu").done();
    List<String> lines = ended.out().lines().toList();
    assertTrue(
        lines.getFirst().strip().matches("tier +check +result +deviation +tolerance +unit"),
        lines.getFirst());
    List<String> checks = lines.subList(2, lines.size() - 1);
    checks.forEach(line -> assertTrue(line.contains("  holds  "), line));
    assertEquals("verified: " + checks.size() + " checks", lines.getLast());
    for (String tier : List.of("random", "gradient", "trajectory", "outcome")) {
      assertTrue(checks.stream().anyMatch(line -> line.strip().startsWith(tier)), tier);
    }
    assertEquals(
        List.of(
            "basin: comparing random words and normals",
            "basin: comparing gradients",
            "basin: comparing trajectories of 50 steps",
            "basin: comparing outcomes of whole restarts"),
        ended.messages());
  }

  @Test
  void aWrongDeviceIsOneLineThatNamesTheChecksAndExitCodeOne() {
    Backend wrong =
        new Disguised(CPU) {
          @Override
          public double[] normals(
              Precision precision, long key, long stream, int purpose, int step, int count) {
            double[] normals = super.normals(precision, key, stream, purpose, step, count);
            normals[0] += precision == Precision.DOUBLE ? 1e-9 : 0;
            return normals;
          }
        };
    Ended ended = verify(wrong, "--quiet");
    assertEquals(1, ended.code());
    assertTrue(ended.out().contains("  FAILS  "), ended::out);
    assertFalse(ended.out().contains("verified"), ended::out);
    assertTrue(
        ended
            .err()
            .matches(
                "basin: error: cpu does not agree with the reference: 1 of \\d+ checks failed:"
                    + " random \\(normals, double\\)\n"),
        ended::err);
  }

  @Test
  void whatIsNotAvailableIsNoFailure() {
    Backend single =
        new Disguised(CPU) {
          @Override
          public Trainer prepare(List<? extends Experiment> experiments) {
            if (experiments.getFirst().precision() == Precision.DOUBLE) {
              throw new BackendUnavailable("no double here");
            }
            return super.prepare(experiments);
          }
        };
    String table = verify(single).done().out();
    assertTrue(table.contains("  not available  "), table);
    String last = table.lines().toList().getLast();
    List<String> left = table.lines().filter(line -> line.contains("  not available  ")).toList();
    assertEquals(
        table
            .lines()
            .filter(line -> line.strip().startsWith("outcome") && line.contains(", double"))
            .toList(),
        left);
    String expected = "verified: \\d+ checks; " + left.size() + " not available: no double here";
    assertTrue(last.matches(expected), last);
    String json = verify(single, "--format", "json").done().out();
    assertTrue(
        json.contains(
            "{\"tier\":\"outcome\",\"check\":\"population average, double\","
                + "\"result\":\"not available\",\"deviation\":null,\"tolerance\":null,"
                + "\"unit\":\"\",\"missing\":\"no double here\"}"),
        json);
    assertTrue(
        json.contains(
            "{\"tier\":\"random\",\"check\":\"words of every purpose\",\"result\":\"holds\","
                + "\"deviation\":0.0,\"tolerance\":0.0,\"unit\":\"words\",\"missing\":\"\"}"),
        json);
    assertFalse(json.contains("verified"), json);
  }

  @Test
  void aDeviceThatCannotServeAtAllIsUnavailable() {
    Backend useless =
        new Disguised(CPU) {
          @Override
          public double[] normals(
              Precision precision, long key, long stream, int purpose, int step, int count) {
            throw new BackendUnavailable("device 'cpu': lost");
          }
        };
    Ended ended = verify(useless, "--quiet", "--device", "cpu");
    assertEquals(ExitCode.DEVICE_UNAVAILABLE, ended.code());
    assertEquals("basin: error: device 'cpu': lost\n", ended.err());
  }
}
