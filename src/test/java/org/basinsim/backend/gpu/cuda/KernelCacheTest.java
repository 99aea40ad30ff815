package org.basinsim.backend.gpu.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Compiled once, never wrong. */
class KernelCacheTest {
  private static final byte[] IMAGE = {0x7f, 'E', 'L', 'F', 0, -1};
  private static final String KEY = KernelCache.key(List.of("text", "options"));

  @TempDir Path folder;

  private KernelCache cache;
  private int compilations;

  @BeforeEach
  void open() {
    cache = new KernelCache(Optional.of(folder.resolve("a/b")));
  }

  private byte[] get(String key) {
    return cache.get(
        key,
        () -> {
          compilations++;
          return IMAGE.clone();
        });
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve("a/b"))) {
      return files.toList();
    }
  }

  @Test
  void compilesOnce() throws IOException {
    assertArrayEquals(IMAGE, get(KEY));
    assertArrayEquals(IMAGE, get(KEY));
    assertEquals(1, compilations);
    cache = new KernelCache(Optional.of(folder.resolve("a/b")));
    assertArrayEquals(IMAGE, get(KEY));
    assertEquals(1, compilations);
    assertEquals(List.of(folder.resolve("a/b").resolve(KEY)), files());
  }

  @Test
  void everyPartCounts() {
    List<List<String>> origins =
        List.of(
            List.of("a", "b", "c"),
            List.of("A", "b", "c"),
            List.of("a", "B", "c"),
            List.of("a", "b", "C"),
            List.of("b", "a", "c"),
            List.of("ab", "c"),
            List.of("a", "bc"),
            List.of("a", "b", "c", ""),
            List.of("a", "b"),
            List.of("a1 b", "c"),
            List.of("abc"));
    Set<String> keys = new HashSet<>();
    origins.forEach(origin -> keys.add(KernelCache.key(origin)));
    assertEquals(origins.size(), keys.size());
    keys.forEach(this::get);
    assertEquals(origins.size(), compilations);
  }

  /** Cut at any length or changed in any bit. */
  @Test
  void ignoresAndReplacesADamagedEntry() throws IOException {
    get(KEY);
    Path file = files().getFirst();
    byte[] whole = Files.readAllBytes(file);
    List<byte[]> damaged = new ArrayList<>();
    for (int length = 0; length < whole.length; length++) {
      damaged.add(Arrays.copyOf(whole, length));
    }
    for (int bit = 0; bit < 8 * whole.length; bit++) {
      byte[] flipped = whole.clone();
      flipped[bit / 8] ^= (byte) (1 << bit % 8);
      damaged.add(flipped);
    }
    damaged.add(Arrays.copyOf(whole, whole.length + 1));
    for (byte[] bytes : damaged) {
      Files.write(file, bytes);
      compilations = 0;
      assertArrayEquals(IMAGE, get(KEY));
      assertArrayEquals(IMAGE, get(KEY));
      assertEquals(1, compilations);
      assertArrayEquals(whole, Files.readAllBytes(file));
    }
  }

  /** A folder that cannot be made, even by root: a file has its name. */
  @Test
  void aFolderThatCannotBeWrittenIsNoError() throws IOException {
    Files.writeString(folder.resolve("a"), "not a folder");
    assertArrayEquals(IMAGE, get(KEY));
    assertArrayEquals(IMAGE, get(KEY));
    assertEquals(2, compilations);
    cache = new KernelCache(Optional.empty());
    assertArrayEquals(IMAGE, get(KEY));
    assertEquals(3, compilations);
  }

  /** An entry that cannot be replaced: a folder has its name, and something is in it. */
  @Test
  void anEntryThatCannotBeReplacedIsNoError() throws IOException {
    Files.createDirectories(folder.resolve("a/b").resolve(KEY).resolve("full"));
    assertArrayEquals(IMAGE, get(KEY));
    assertEquals(List.of(folder.resolve("a/b").resolve(KEY)), files(), "nothing else is left");
  }

  @Test
  void aFailedCompilationLeavesNothing() {
    assertThrows(
        IllegalStateException.class,
        () ->
            cache.get(
                KEY,
                () -> {
                  throw new IllegalStateException();
                }));
    assertFalse(Files.exists(folder.resolve("a")));
  }

  @Test
  void writersAtTheSameTimeDoNotMix() throws Exception {
    List<Future<byte[]>> got = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
      for (int i = 0; i < 64; i++) {
        KernelCache own = new KernelCache(Optional.of(folder.resolve("a/b")));
        byte[] image = new byte[100_000 + i];
        Arrays.fill(image, (byte) i);
        got.add(threads.submit(() -> own.get(KEY, () -> image)));
      }
    }
    for (Future<byte[]> each : got) {
      byte[] image = each.get();
      byte[] pure = new byte[image.length];
      Arrays.fill(pure, (byte) (image.length - 100_000));
      assertArrayEquals(pure, image);
    }
    byte[] kept = get(KEY);
    assertEquals(0, compilations, "one of them is kept");
    assertEquals(100_000 + kept[0], kept.length);
    assertEquals(1, files().size());
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void liesInTheUsersCache(boolean windows) throws IOException {
    Path given = folder.resolve("given");
    Map<String, String> variables =
        Map.of(windows ? "LOCALAPPDATA" : "XDG_CACHE_HOME", given.toString());
    KernelCache.of(new Environment(variables, folder, folder, windows)).get(KEY, () -> IMAGE);
    assertArrayEquals(
        IMAGE,
        Arrays.copyOfRange(
            Files.readAllBytes(given.resolve("basin/kernels").resolve(KEY)), 32, 38));
  }

  @Test
  void withoutAVariableItLiesInTheHomeFolder() {
    for (String notAbsolute : List.of("", "relative")) {
      Environment environment =
          new Environment(Map.of("XDG_CACHE_HOME", notAbsolute), folder, folder, false);
      KernelCache.of(environment).get(KEY, () -> IMAGE);
      assertTrue(Files.exists(folder.resolve(".cache/basin/kernels").resolve(KEY)));
    }
  }
}
