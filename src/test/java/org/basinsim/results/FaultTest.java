package org.basinsim.results;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.jhdf.HdfFile;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.basinsim.model.RestartRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Work broken off anywhere: nothing is lost, nothing is half there. */
class FaultTest {
  @TempDir Path folder;

  /** Ends all writing, as the end of the process does: nothing is cleaned up. */
  private static final class Killed extends Error {
    private static final long serialVersionUID = 1;
  }

  @ParameterizedTest
  @EnumSource(DurableFolder.Step.class)
  void brokenOffAtAnyFileAndStep(DurableFolder.Step step) throws IOException {
    for (Manifest manifest : List.of(Toy.manifest(5, "a", "b"), Toy.manifest(23, "a", "b"))) {
      Path whole = folder.resolve("whole" + step + manifest.cells().getFirst().restarts() + ".h5");
      Toy.complete(whole, manifest, 10, 1);
      Map<String, String> expected = DataSets.of(whole);
      Path file = folder.resolve(step + "-" + manifest.cells().getFirst().restarts() + ".h5");
      // The n-th file written is the last one; every further attempt gets one file further.
      boolean done = false;
      for (int n = 1; !done; n++) {
        done = attempt(file, manifest, step, n);
        everyFinalNameOpens(file);
        assertTrue(n < 50, "no end");
      }
      assertEquals(expected, DataSets.of(file));
    }
  }

  /** Whether it came to an end before the n-th file was broken off. */
  private static boolean attempt(Path file, Manifest manifest, DurableFolder.Step step, int n) {
    int[] seen = new int[1];
    DurableFolder.Witness killer =
        (reached, path) -> {
          if (reached == step && ++seen[0] == n) {
            throw new Killed();
          }
        };
    try (ResultsStore store =
        ResultsStore.open(file, manifest, Toy.HERE, false, Toy.SMALL, killer)) {
      for (RestartRange range : Toy.cut(Toy.missing(store, manifest), 4, new SplittableRandom(n))) {
        store.accept(Toy.outcomes(manifest, range));
      }
      store.finish(Toy.summaries(store, manifest));
      return true;
    } catch (IllegalStateException e) {
      assertTrue(e.getCause() instanceof Killed, e.toString());
      return false;
    }
  }

  private void everyFinalNameOpens(Path file) throws IOException {
    if (Files.exists(file)) {
      ResultsFile.open(file).forEachRows(rows -> {});
    }
    if (Files.isDirectory(Shards.folder(file))) {
      try (DirectoryStream<Path> shards = Files.newDirectoryStream(Shards.folder(file), "*.h5")) {
        for (Path shard : shards) {
          new HdfFile(shard).close();
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource(DurableFolder.Step.class)
  void aFullDiskIsOneLineAndLosesNothing(DurableFolder.Step step) throws IOException {
    Manifest manifest = Toy.manifest(33, "a");
    Path file = folder.resolve("full.h5");
    int[] seen = new int[1];
    DurableFolder.Witness full =
        (reached, path) -> {
          if (reached == step && ++seen[0] == 4) {
            throw new IOException("No space left on device");
          }
        };
    InaccessibleResults refused =
        assertThrows(
            InaccessibleResults.class,
            () -> {
              try (ResultsStore store =
                  ResultsStore.open(file, manifest, Toy.HERE, false, Toy.SMALL, full)) {
                for (long i = 0; i < 33; i++) {
                  store.accept(Toy.outcomes(manifest, new RestartRange(0, i, 1)));
                }
                store.finish(Toy.summaries(store, manifest));
              }
            });
    assertTrue(refused.getMessage().endsWith("cannot write: No space left on device"));
    assertEquals(1, refused.getMessage().lines().count());
    try (ResultsStore store = Toy.open(file, manifest)) {
      // study.toml and two shards of eight rows came first; the fourth file may have got its name.
      assertTrue(store.recorded().getFirst().count() >= 16);
    }
    Toy.complete(file, manifest, 4, 2);
    Path whole = folder.resolve("whole.h5");
    Toy.complete(whole, manifest, 4, 3);
    assertEquals(DataSets.of(whole), DataSets.of(file));
  }

  @Test
  void aTrulyFullDisk() throws IOException, InterruptedException {
    Path disk = Files.createDirectory(folder.resolve("disk"));
    assumeTrue(
        command("mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", disk.toString()) == 0,
        "only root may mount a small disk");
    try {
      Manifest manifest = Toy.manifest(20000, "a");
      InaccessibleResults refused =
          assertThrows(
              InaccessibleResults.class,
              () -> {
                try (ResultsStore store =
                    ResultsStore.open(disk.resolve("x.h5"), manifest, Toy.HERE, false)) {
                  for (long i = 0; i < 20000; i += 1000) {
                    store.accept(Toy.outcomes(manifest, new RestartRange(0, i, 1000)));
                    store.flush();
                  }
                }
              });
      assertEquals(1, refused.getMessage().lines().count());
      assertTrue(refused.getMessage().contains("disk"), refused.getMessage());
      try (ResultsStore store =
          ResultsStore.open(disk.resolve("x.h5"), manifest, Toy.HERE, false)) {
        assertTrue(store.recorded().getFirst().count() >= 1000);
        assertEquals(List.of(), store.notices());
      }
    } finally {
      // Lazily: the HDF5 library leaves a file open that it could not write.
      command("umount", "-l", disk.toString());
    }
  }

  @Test
  void aReadOnlyFolderIsOneLine() throws IOException, InterruptedException {
    Path disk = Files.createDirectory(folder.resolve("disk"));
    assumeTrue(
        command("mount", "-t", "tmpfs", "-o", "ro,size=256k", "tmpfs", disk.toString()) == 0,
        "only root may mount a small disk");
    try {
      Path file = disk.resolve("x.h5");
      assertEquals(
          file + ": cannot write in its folder: Read-only file system",
          assertThrows(
                  InaccessibleResults.class, () -> Toy.open(file, Toy.manifest(1, "a")).close())
              .getMessage());
    } finally {
      command("umount", disk.toString());
    }
  }

  private static int command(String... words) throws IOException, InterruptedException {
    Process process;
    try {
      process = new ProcessBuilder(words).redirectErrorStream(true).start();
    } catch (IOException e) {
      return -1; // no such command here
    }
    process.getInputStream().readAllBytes();
    return process.waitFor();
  }

  @Test
  void aVanishedFolderIsOneLine() throws IOException {
    Manifest manifest = Toy.manifest(9, "a");
    Path gone = Files.createDirectory(folder.resolve("gone"));
    Path file = gone.resolve("x.h5");
    InaccessibleResults refused =
        assertThrows(
            InaccessibleResults.class,
            () -> {
              try (ResultsStore store = Toy.open(file, manifest)) {
                Files.delete(gone.resolve("x.h5.lock"));
                Files.delete(gone);
                Files.writeString(gone, "a file in its place");
                store.accept(Toy.outcomes(manifest, new RestartRange(0, 0, 9)));
                store.flush();
              }
            });
    assertEquals(1, refused.getMessage().lines().count());
    assertThrows(InaccessibleResults.class, () -> Toy.open(gone.resolve("y.h5"), manifest).close());
    assertThrows(
        InaccessibleResults.class, () -> Toy.open(folder.resolve("never/y.h5"), manifest).close());
  }

  @Test
  void aSecondProcessIsTurnedAway() throws IOException, InterruptedException {
    Path file = folder.resolve("x.h5");
    Manifest manifest = Toy.manifest(9, "a");
    try (ResultsStore store = Toy.open(file, manifest)) {
      InaccessibleResults refused =
          assertThrows(InaccessibleResults.class, () -> Toy.open(file, manifest).close());
      assertEquals(file + ": another process is writing this file", refused.getMessage());
      Process other = ToyProcess.start(file, 9, 0);
      assertTrue(other.waitFor(60, TimeUnit.SECONDS));
      assertEquals(5, other.exitValue());
      store.accept(Toy.outcomes(manifest, new RestartRange(0, 0, 9)));
    }
    Toy.complete(file, manifest, 3, 1);
  }

  @Test
  void killedProcessesLoseNothingThatWasWritten() throws IOException, InterruptedException {
    // Pieces of 3 restarts on average, 5 ms apart: longer than all three lives together.
    int restarts = 1001;
    Manifest manifest = ToyProcess.manifest(restarts);
    Path whole = folder.resolve("whole.h5");
    Toy.complete(whole, manifest, 50, 1);
    Path file = folder.resolve("killed.h5");
    SplittableRandom random = new SplittableRandom(5);
    long before = 0;
    for (int kill = 0; kill < 3; kill++) {
      Process process = ToyProcess.start(file, restarts, 5);
      process.getInputStream().read(); // it has opened the store
      Thread.sleep(random.nextInt(150, 900));
      process.destroyForcibly().waitFor();
      try (ResultsStore store = Toy.open(file, manifest)) {
        long now = store.recorded().stream().mapToLong(Coverage::count).sum();
        assertTrue(now >= before, "lost " + (before - now));
        assertEquals(List.of(), store.notices());
        before = now;
      }
    }
    assertTrue(before > 0 && before < 2 * restarts, before + " recorded");
    Toy.complete(file, manifest, 9, 6);
    assertEquals(DataSets.of(whole), DataSets.of(file));
  }
}
