package org.basinsim.backend.gpu.cuda;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Compiled kernels on disk, each named by the SHA-256 of all that it was compiled from. A file is
 * the SHA-256 of the image, then the image: a damaged one counts as none. A folder that cannot be
 * used costs time, nothing else.
 */
final class KernelCache {
  private static final int DIGEST = 32;

  private final Optional<Path> folder;

  /**
   * @param folder made where it is missing; empty for no cache
   */
  KernelCache(Optional<Path> folder) {
    this.folder = folder;
  }

  /** The user's: beneath XDG_CACHE_HOME or ~/.cache, on Windows beneath LOCALAPPDATA. */
  static KernelCache of(Environment environment) {
    Optional<Path> caches =
        environment.windows()
            ? environment.folder("LOCALAPPDATA")
            : environment
                .folder("XDG_CACHE_HOME")
                .or(() -> Optional.of(environment.home().resolve(".cache")));
    return new KernelCache(caches.map(path -> path.resolve("basin").resolve("kernels")));
  }

  /** Name of what is compiled from these parts. */
  static String key(List<String> parts) {
    MessageDigest digest = sha256();
    for (String part : parts) {
      byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
      // With its length before it no part can pass for two.
      digest.update((bytes.length + " ").getBytes(StandardCharsets.UTF_8));
      digest.update(bytes);
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  /** What is kept under a key; otherwise what is compiled now, kept from then on. */
  byte[] get(String key, Supplier<byte[]> compilation) {
    Optional<Path> file = folder.map(path -> path.resolve(key));
    return file.flatMap(KernelCache::read)
        .orElseGet(() -> {
          byte[] image = compilation.get();
          file.ifPresent(path -> write(path, image));
          return image;
        });
  }

  private static Optional<byte[]> read(Path file) {
    try {
      byte[] bytes = Files.readAllBytes(file);
      byte[] image = Arrays.copyOfRange(bytes, Math.min(DIGEST, bytes.length), bytes.length);
      boolean whole =
          image.length > 0 && Arrays.equals(bytes, 0, DIGEST, sha256().digest(image), 0, DIGEST);
      return whole ? Optional.of(image) : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** Under a name of its own first, so that two writers do not mix. */
  private static void write(Path file, byte[] image) {
    try {
      Files.createDirectories(file.getParent());
      Path temporary = Files.createTempFile(file.getParent(), "", ".tmp");
      try {
        byte[] bytes = Arrays.copyOf(sha256().digest(image), DIGEST + image.length);
        System.arraycopy(image, 0, bytes, DIGEST, image.length);
        Files.write(temporary, bytes);
        Files.move(
            temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      } finally {
        Files.deleteIfExists(temporary);
      }
    } catch (IOException e) {
      // It is compiled again next time.
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
