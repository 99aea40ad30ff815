package org.basinsim.backend.gpu.cuda;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/**
 * Whether a library of Linux is all there. The loader maps a file without asking: one that breaks
 * off, as a copy under way does, kills the process where it is first touched.
 */
final class ElfFile {
  private static final int HEADER = 64;
  private static final int MAGIC = 0x464c457f;
  private static final byte BITS_64 = 2;

  private ElfFile() {}

  /** Whether the file is as long as its headers say: its sections are listed at its very end. */
  static boolean isWhole(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file)) {
      ByteBuffer header = ByteBuffer.allocate(HEADER).order(ByteOrder.LITTLE_ENDIAN);
      while (header.hasRemaining() && channel.read(header) >= 0) {}
      if (header.hasRemaining() || header.getInt(0) != MAGIC || header.get(4) != BITS_64) {
        return false;
      }
      long sections = header.getLong(0x28);
      long end = sections + (long) header.getShort(0x3a) * header.getShort(0x3c);
      return sections > 0 && end <= channel.size();
    }
  }
}
