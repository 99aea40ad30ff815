package org.basinsim.results;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.UUID;

/** Keeps every other process away from a results file while it is being written. */
final class StoreLock implements AutoCloseable {
  private final Path path;
  private final FileChannel channel;

  private StoreLock(Path path, FileChannel channel) {
    this.path = path;
    this.channel = channel;
  }

  /**
   * Takes the lock, which lies beside the results file while it is held.
   *
   * @throws InaccessibleResults where another process has it, or the folder cannot be written to
   */
  static StoreLock take(Path file) {
    Path path = file.resolveSibling(file.getFileName() + ".lock");
    try {
      while (true) {
        FileChannel channel =
            FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        if (!locked(channel)) {
          channel.close();
          throw new InaccessibleResults(file, "another process is writing this file");
        }
        // Its last owner may have removed the file between our opening and locking it: then what
        // we lock is not what others find under the name.
        byte[] token = UUID.randomUUID().toString().getBytes(StandardCharsets.UTF_8);
        channel.truncate(0).write(ByteBuffer.wrap(token));
        if (Files.exists(path) && Arrays.equals(Files.readAllBytes(path), token)) {
          return new StoreLock(path, channel);
        }
        channel.close();
      }
    } catch (IOException e) {
      throw new InaccessibleResults(file, "cannot write in its folder", e);
    }
  }

  private static boolean locked(FileChannel channel) throws IOException {
    try {
      FileLock lock = channel.tryLock();
      return lock != null;
    } catch (OverlappingFileLockException e) {
      return false; // held in this very process
    }
  }

  @Override
  public void close() {
    try {
      Files.deleteIfExists(path);
      channel.close();
    } catch (IOException e) {
      // The folder is gone, and the lock with it.
    }
  }
}
