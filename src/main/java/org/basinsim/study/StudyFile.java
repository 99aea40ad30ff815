package org.basinsim.study;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/** Reads the text of a study file, or says why it cannot be one. */
final class StudyFile {
  /** No study needs more, and a parser's memory is a multiple of it. */
  private static final int LARGEST = 1 << 20;

  private StudyFile() {}

  /**
   * The file's text, without a byte order mark.
   *
   * @throws BrokenStudy with one message
   */
  static String text(Path file) {
    if (Files.isDirectory(file)) {
      throw broken(file, "a folder; allowed: a TOML file");
    }
    byte[] bytes;
    try (InputStream in = Files.newInputStream(file)) {
      bytes = in.readNBytes(LARGEST + 1);
    } catch (NoSuchFileException e) {
      throw broken(file, "no such file; allowed: a TOML file, or the name of a built-in study");
    } catch (IOException e) {
      throw broken(file, "cannot be read: " + Rendering.oneLine(e.toString()));
    }
    if (bytes.length == 0) {
      throw broken(file, "the file is empty; allowed: a study in TOML");
    }
    if (bytes.length > LARGEST) {
      throw broken(file, "the file is larger than 1 MiB; allowed: a study in TOML");
    }
    if (bytes.length > 1 && isUtf16(bytes[0] & 0xff, bytes[1] & 0xff)) {
      throw broken(file, "the text is UTF-16; allowed: UTF-8");
    }
    for (byte b : bytes) {
      if (b == 0) {
        throw broken(file, "a binary file; allowed: a study in TOML");
      }
    }
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      return text.startsWith("\ufeff") ? text.substring(1) : text;
    } catch (CharacterCodingException e) {
      throw broken(file, "the text is not UTF-8; allowed: a study in TOML, encoded in UTF-8");
    }
  }

  /** A byte order mark, or the first of two bytes of an ASCII character missing. */
  private static boolean isUtf16(int first, int second) {
    return first == 0xfe && second == 0xff
        || first == 0xff && second == 0xfe
        || first == 0 && second > 0 && second < 0x80
        || second == 0 && first > 0 && first < 0x80;
  }

  private static BrokenStudy broken(Path file, String wrong) {
    return new BrokenStudy(List.of(Rendering.oneLine(file.toString()) + ": " + wrong));
  }
}
