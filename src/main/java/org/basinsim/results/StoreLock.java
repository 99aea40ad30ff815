package org.basinsim.results;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Keeps everybody else away from a results file while it is being written. The lock is the
 * operating system's, so it ends with the process; the file that carries it lies beside the results
 * file.
 */
final class StoreLock implements AutoCloseable {
  /**
   * Held in this process: to open the file again and close it would let go of the system's lock.
   */
  private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

  private final Path path;
  private final FileChannel channel;

  private StoreLock(Path path, FileChannel channel) {
    this.path = path;
    this.channel = channel;
  }

  /**
   * Takes the lock.
   *
   * @param file absolute
   * @throws InaccessibleResults where somebody else has it, or the folder cannot be written to
   */
  static StoreLock take(Path file) {
    Path path = file.resolveSibling(file.getFileName() + ".lock");
    if (!HELD.add(path)) {
      throw taken(file);
    }
    try {
      FileChannel channel = lock(path);
      if (channel == null) {
        throw taken(file);
      }
      return new StoreLock(path, channel);
    } catch (IOException e) {
      HELD.remove(path);
      throw new InaccessibleResults(file, "cannot write in its folder", e);
    } catch (InaccessibleResults e) {
      HELD.remove(path);
      throw e;
    }
  }

  private static InaccessibleResults taken(Path file) {
    return new InaccessibleResults(file, "another process is writing this file");
  }

  /** The locked file, or null where another process has it. */
  private static FileChannel lock(Path path) throws IOException {
    while (true) {
      Object before = key(path);
      if (before == null) {
        create(path);
        continue;
      }
      FileChannel channel;
      try {
        channel = FileChannel.open(path, StandardOpenOption.WRITE);
      } catch (NoSuchFileException e) {
        continue;
      }
      if (channel.tryLock() == null) {
        channel.close();
        return null;
      }
      // Its last owner may have removed the file between our opening and locking it: then what we
      // locked is not what others find under the name.
      if (Objects.equals(before, key(path))) {
        return channel;
      }
      channel.close();
    }
  }

  private static void create(Path path) throws IOException {
    try {
      Files.createFile(path);
    } catch (FileAlreadyExistsException e) {
      // Somebody else has just made it, which serves as well.
    }
  }

  private static Object key(Path path) throws IOException {
    try {
      return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
    } catch (NoSuchFileException e) {
      return null;
    }
  }

  @Override
  public void close() {
    try {
      Files.deleteIfExists(path);
      channel.close();
    } catch (IOException e) {
      // The folder is gone, and the lock with it.
    } finally {
      HELD.remove(path);
    }
  }
}
