package org.basinsim.model;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;

/** Hashes of an experiment's mathematics. */
final class Identity {
  private Identity() {}

  /** SHA-256 of {@code seed=…} and one {@code key=value} line an entry, in hexadecimal. */
  static String hash(long seed, Map<String, String> mathematics) {
    return HexFormat.of().formatHex(digest(seed, mathematics));
  }

  /** The first 64 bits of the same hash. */
  static long key(long seed, Map<String, String> mathematics) {
    return ByteBuffer.wrap(digest(seed, mathematics)).getLong();
  }

  private static byte[] digest(long seed, Map<String, String> mathematics) {
    StringBuilder text = new StringBuilder("seed=").append(Long.toUnsignedString(seed));
    mathematics.forEach((key, value) -> text.append('\n').append(key).append('=').append(value));
    try {
      return MessageDigest.getInstance("SHA-256")
          .digest(text.toString().getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
