package org.basinsim.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.basinsim.backend.Backend;
import org.basinsim.backend.WorkSizing;
import org.basinsim.backend.cpu.CpuBackend;
import org.basinsim.backend.reference.ReferenceBackend;
import org.basinsim.benchmark.ModelDevice;
import org.basinsim.benchmark.ModelDevice.Fault;
import org.basinsim.benchmark.Work;
import org.basinsim.cli.Basin.Ended;
import org.basinsim.study.Systems;
import org.junit.jupiter.api.Test;

/** The command on a processor, beside devices whose answers are wrong. */
class BenchCommandTest {

  private static Program program(Function<WorkSizing, Backend> cpu) {
    return new Program(
        Systems.builtIn(),
        new Backends(
            List.of(
                DeviceFamily.ofOne("model", false, of -> new ModelDevice("model", Fault.WRONG)),
                DeviceFamily.ofOne("other", false, of -> new ModelDevice("other", Fault.WRONG)),
                DeviceFamily.ofOne("cpu", true, cpu),
                DeviceFamily.ofOne("reference", false, of -> new ReferenceBackend()))));
  }

  @Test
  void jsonHasADeviceAndTheCpuBesideIt() throws IOException {
    Ended ended =
        Basin.call(
            program(CpuBackend::new), "bench", "--quick", "--device", "model", "--format", "json");
    assertEquals(1, ended.code(), ended::toString);
    Map<?, ?> document = JsonText.read(ended.out());
    assertEquals("basin-bench", document.get("format"));
    assertEquals(
        List.of("model", "cpu"),
        JsonText.objects(document, "devices").stream()
            .map(device -> device.get("device"))
            .toList());
    assertEquals("model 1.2", JsonText.objects(document, "devices").getFirst().get("driver"));
    assertEquals(
        "a \"model\"", JsonText.objects(document, "devices").getFirst().get("description"));

    List<Map<?, ?>> rows = JsonText.objects(document, "rows");
    int works = Work.quick().size();
    assertEquals(2 * works, rows.size());
    for (Map<?, ?> row : rows.subList(0, works)) {
      assertEquals("wrong", row.get("status"), row::toString);
      assertTrue(row.get("remark").toString().startsWith("restart "), row::toString);
      assertTrue(!row.containsKey("restart_steps_per_second"), row::toString);
    }
    for (Map<?, ?> row : rows.subList(works, 2 * works)) {
      assertEquals("timed", row.get("status"), row::toString);
      for (String figure : List.of("restart_steps_per_second", "limit", "fraction_of_limit")) {
        assertTrue((double) row.get(figure) > 0, row::toString);
      }
    }
    for (String quantity : List.of("multiply_adds", "normals")) {
      assertEquals(
          2,
          JsonText.objects(document, "limits").stream()
              .filter(limit -> limit.get("device").equals("cpu"))
              .filter(limit -> limit.get("quantity").equals(quantity))
              .filter(limit -> (double) limit.get("per_second") > 0)
              .count());
    }
    Map<?, ?> kernel = JsonText.objects(document, "kernels").getFirst();
    assertEquals(72.0, kernel.get("registers"));
    assertEquals(0.0, kernel.get("local_bytes"));
    assertEquals(2 * works, ended.messages().size());
  }

  @Test
  void withoutADeviceEachIsMeasuredAndTheCpuLast() {
    Program program = program(sizing -> new ModelDevice("cpu", Fault.WRONG));
    Ended ended = Basin.call(program, "bench", "--quick", "--quiet");
    assertEquals(1, ended.code());
    assertEquals("", ended.err());
    List<String> lines = ended.out().lines().toList();
    int works = Work.quick().size();
    // A header and a rule, the rows, then why none was timed.
    assertEquals(2 + 6 * works, lines.size());
    for (int i = 0; i < 3 * works; i++) {
      String device = List.of("model", "other", "cpu").get(i / works);
      assertTrue(lines.get(2 + i).strip().startsWith(device + " "), lines.get(2 + i));
      assertTrue(lines.get(2 + i).contains(" wrong "), lines.get(2 + i));
      String remark = lines.get(2 + 3 * works + i);
      assertTrue(remark.startsWith(device + ": " + Work.quick().get(i % works)), remark);
      assertTrue(remark.contains(": not timed: restart "), remark);
    }
  }

  @Test
  void aDeviceThatIsNotThereIsUnavailable() {
    Ended ended = Basin.call("bench", "--device", "cuda:99");
    assertEquals(3, ended.code());
    assertEquals(1, ended.messages().size(), ended::toString);
    assertEquals("", ended.out());
  }
}
