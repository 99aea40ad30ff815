package org.basinsim.results;

import java.io.IOException;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.basinsim.model.RestartRange;

/** Completes a toy study in a process of its own, so that tests can kill it. */
final class ToyProcess {
  private ToyProcess() {}

  static Manifest manifest(int restarts) {
    return Toy.manifest(restarts, "a", "b");
  }

  static Process start(Path file, int restarts, int pauseMilliseconds) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            ToyProcess.class.getName(),
            file.toString(),
            Integer.toString(restarts),
            Integer.toString(pauseMilliseconds))
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  public static void main(String[] arguments) throws InterruptedException {
    Manifest manifest = manifest(Integer.parseInt(arguments[1]));
    try (ResultsStore store = Toy.open(Path.of(arguments[0]), manifest)) {
      System.out.print('.');
      System.out.flush();
      SplittableRandom random = new SplittableRandom(System.nanoTime());
      for (RestartRange range : Toy.cut(Toy.missing(store, manifest), 5, random)) {
        Thread.sleep(Integer.parseInt(arguments[2]));
        store.accept(Toy.outcomes(manifest, range));
      }
      store.finish(Toy.summaries(store, manifest));
    } catch (InaccessibleResults e) {
      System.exit(5);
    }
  }
}
