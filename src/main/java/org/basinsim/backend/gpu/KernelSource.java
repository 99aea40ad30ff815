package org.basinsim.backend.gpu;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/**
 * The text of one kernel: named constants, the dialect, the headers, the kernel. Complete: it
 * includes nothing.
 *
 * @param entry name of the kernel's function
 * @param text what a compiler is given
 */
public record KernelSource(String entry, String text) {
  private static final String FOLDER = "/kernels/";

  /**
   * Puts a text together.
   *
   * @param dialect {@code cuda} or {@code opencl}
   * @param constants names and values that specialize the text: numbers and words of the program's
   *     own, never of a study
   * @param files in {@code kernels/}, in the order they are needed
   * @param entry name of the kernel's function
   */
  public static KernelSource of(
      String dialect, SequencedMap<String, String> constants, List<String> files, String entry) {
    StringBuilder text = new StringBuilder();
    for (Map.Entry<String, String> constant : constants.entrySet()) {
      text.append("#define ").append(constant.getKey()).append(' ');
      text.append(constant.getValue()).append('\n');
    }
    List<String> all = new ArrayList<>();
    all.add("dialect/" + dialect + ".h");
    all.addAll(files);
    for (String file : all) {
      text.append("#line 1 \"").append(file).append("\"\n").append(read(file));
    }
    return new KernelSource(entry, text.toString());
  }

  /** SHA-256 of texts as they ship, before constants specialize them; 64 hexadecimal digits. */
  static String sha256(String dialect, List<String> files) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(read("dialect/" + dialect + ".h").getBytes(StandardCharsets.UTF_8));
      for (String file : files) {
        digest.update(read(file).getBytes(StandardCharsets.UTF_8));
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  private static String read(String file) {
    try (InputStream stream = KernelSource.class.getResourceAsStream(FOLDER + file)) {
      if (stream == null) {
        throw new IllegalArgumentException("no kernel text " + file);
      }
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
