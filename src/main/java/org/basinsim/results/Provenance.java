package org.basinsim.results;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Where rows come from. Texts of any content, empty where there is no such thing (a CPU has no
 * driver); times are no part of it.
 *
 * @param softwareVersion version of this program
 * @param gitCommit commit it was built from
 * @param backend {@code reference}, {@code cpu}, …
 * @param device the hardware, in words
 * @param driver driver of the device
 * @param kernelSha256 hash of the device code
 * @param jvm Java version and vendor
 * @param precision {@code single} or {@code double}
 */
public record Provenance(
    String softwareVersion,
    String gitCommit,
    String backend,
    String device,
    String driver,
    String kernelSha256,
    String jvm,
    String precision)
    implements Comparable<Provenance> {

  /** Names of the fields in files, in the order of {@link #values}. */
  static final List<String> NAMES =
      List.of(
          "software_version",
          "git_commit",
          "backend",
          "device",
          "driver",
          "kernel_sha256",
          "jvm",
          "precision");

  private static final Comparator<Provenance> BY_TEXT =
      Comparator.comparing(provenance -> String.join("\n", provenance.values()));

  List<String> values() {
    return List.of(
        softwareVersion, gitCommit, backend, device, driver, kernelSha256, jvm, precision);
  }

  static Provenance of(List<String> values) {
    return new Provenance(
        values.get(0),
        values.get(1),
        values.get(2),
        values.get(3),
        values.get(4),
        values.get(5),
        values.get(6),
        values.get(7));
  }

  /** The key in which rows of the other must not stand beside these, with both values. */
  Optional<String> clash(Provenance other) {
    if (!backend.equals(other.backend)) {
      return Optional.of("backend " + other.backend + ", not " + backend);
    }
    if (!precision.equals(other.precision)) {
      return Optional.of("precision " + other.precision + ", not " + precision);
    }
    return Optional.empty();
  }

  @Override
  public int compareTo(Provenance other) {
    return BY_TEXT.compare(this, other);
  }
}
