package org.basinsim.backend.gpu;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Whether a library of Linux is all there. The loader maps a file without asking: one that breaks
 * off, as a copy under way does, kills the process where it is first touched.
 */
public final class ElfFile {
  private static final int HEADER = 64;
  private static final int MAGIC = 0x464c457f;
  private static final byte BITS_64 = 2;

  /** Where the loader looks, whatever it has been told beside. */
  private static final List<String> FOLDERS =
      List.of(
          "/lib/x86_64-linux-gnu",
          "/usr/lib/x86_64-linux-gnu",
          "/lib/aarch64-linux-gnu",
          "/usr/lib/aarch64-linux-gnu",
          "/lib64",
          "/usr/lib64",
          "/lib",
          "/usr/lib");

  private ElfFile() {}

  /** Whether the file is as long as its headers say: its sections are listed at its very end. */
  public static boolean isWhole(Path file) throws IOException {
    long end = end(file);
    return end > 0 && end <= Files.size(file);
  }

  /**
   * The file that the loader would take for a library, if it breaks off.
   *
   * @param library a file, or a name for the loader
   */
  public static Optional<Path> half(String library) {
    try (Stream<Path> files = files(library)) {
      return files
          .filter(file -> endOrNothing(file) > 0)
          .findFirst()
          .filter(file -> endOrNothing(file) > file.toFile().length());
    }
  }

  private static Stream<Path> files(String library) {
    if (library.contains("/")) {
      return Stream.of(Path.of(library));
    }
    List<String> folders = new ArrayList<>();
    String chosen = System.getenv("LD_LIBRARY_PATH");
    if (chosen != null) {
      folders.addAll(List.of(chosen.split(":")));
    }
    folders.addAll(FOLDERS);
    return folders.stream().map(folder -> Path.of(folder, library));
  }

  private static long endOrNothing(Path file) {
    try {
      return end(file);
    } catch (IOException e) {
      // What cannot be read is the loader's to refuse.
      return 0;
    }
  }

  /** Where its list of sections ends; 0 for what is no library of 64 bits. */
  private static long end(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file)) {
      ByteBuffer header = ByteBuffer.allocate(HEADER).order(ByteOrder.LITTLE_ENDIAN);
      while (header.hasRemaining() && channel.read(header) >= 0) {}
      if (header.hasRemaining() || header.getInt(0) != MAGIC || header.get(4) != BITS_64) {
        return 0;
      }
      long sections = header.getLong(0x28);
      return sections > 0 ? sections + (long) header.getShort(0x3a) * header.getShort(0x3c) : 0;
    }
  }
}
