package org.basinsim.validation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jhdf.HdfFile;
import io.jhdf.api.Dataset;
import io.jhdf.api.Group;
import io.jhdf.api.Node;
import io.jhdf.api.dataset.ContiguousDataset;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.basinsim.cli.BasinProcess;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * A study interrupted by INT, TERM and USR1 and gone on with each time ends in the bytes of the
 * study run at once. It would take hours, so that every signal falls into its midst on any machine,
 * and is cut down to little more than what was kept at last.
 */
@Tag("validation")
@EnabledOnOs(OS.LINUX)
class InterruptionTest {
  private static final Pattern KEPT = Pattern.compile("stopped: (\\d+) of 1000000 restarts");

  private static final String STUDY =
      """
      schema = 1
      name = "long"
      seed = 5

      [system]
      kind = "conv"
      patches = 9

      [teacher]
      output_ratio = 1

      [descent]
      oracle = "online"
      max_steps = 1000

      [restarts]
      per_cell = 1000000
      """;

  @TempDir private Path folder;

  private BasinProcess run(String file, String... more) throws Exception {
    Path study = folder.resolve("long.toml");
    if (Files.notExists(study)) {
      Files.writeString(study, STUDY);
    }
    String[] words = {"run", "long.toml", "-o", file, "--threads", "1", "--launch", "8"};
    String[] all = new String[words.length + more.length];
    System.arraycopy(words, 0, all, 0, words.length);
    System.arraycopy(more, 0, all, words.length, more.length);
    return BasinProcess.start(folder, all);
  }

  /** The restarts that were kept, as the message says. */
  private long interrupt(BasinProcess basin, String signal, int exitCode) throws Exception {
    basin.send(signal);
    assertEquals(exitCode, basin.end(10), basin::err);
    Matcher kept = KEPT.matcher(basin.err());
    assertTrue(kept.find(), basin::err);
    assertTrue(basin.err().contains("run the same command to go on"), basin::err);
    assertEquals("", basin.out());
    return Long.parseLong(kept.group(1));
  }

  @Test
  void endsInTheBytesOfTheUninterruptedStudy() throws Exception {
    long kept;
    try (BasinProcess basin = run("x.h5")) {
      // In a pipe: a plain line every ten seconds.
      basin.awaitMessage(" of 1000000 restarts (");
      assertTrue(
          basin
              .err()
              .matches("(?s).*\\d+ of 1000000 restarts \\(.* %\\), \\S+ a second, .* to go\\R"),
          basin::err);
      kept = interrupt(basin, "INT", 130);
      assertTrue(kept > 0, basin::err);
    }
    for (String signal : new String[] {"TERM", "USR1", "HUP"}) {
      try (BasinProcess basin = run("x.h5")) {
        basin.awaitMessage("device cpu");
        Thread.sleep(1500);
        long now = interrupt(basin, signal, 143);
        assertTrue(now >= kept, "kept " + kept + ", then " + now);
        kept = now;
      }
    }
    String restarts = Long.toString(kept + 37);
    for (String file : new String[] {"x.h5", "at-once.h5"}) {
      try (BasinProcess basin = run(file, "--restarts", restarts)) {
        assertEquals(0, basin.end(120), basin::err);
      }
    }
    Map<String, byte[]> interrupted = dataSets(folder.resolve("x.h5"));
    Map<String, byte[]> atOnce = dataSets(folder.resolve("at-once.h5"));
    assertEquals(atOnce.keySet(), interrupted.keySet());
    assertTrue(atOnce.containsKey("/restarts/outcome"), atOnce.keySet()::toString);
    atOnce.forEach((name, bytes) -> assertArrayEquals(bytes, interrupted.get(name), name));
    assertTrue(Files.notExists(folder.resolve("x.h5.parts")));
  }

  private static Map<String, byte[]> dataSets(Path file) {
    Map<String, byte[]> content = new TreeMap<>();
    try (HdfFile hdf = new HdfFile(file)) {
      collect(hdf, content);
    }
    return content;
  }

  private static void collect(Group group, Map<String, byte[]> content) {
    for (Node node : group) {
      if (node instanceof Group inner) {
        collect(inner, content);
      } else if (node instanceof Dataset dataset) {
        ByteBuffer buffer = ((ContiguousDataset) dataset).getBuffer();
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        content.put(node.getPath(), bytes);
      }
    }
  }
}
