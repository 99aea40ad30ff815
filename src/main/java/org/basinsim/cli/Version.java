package org.basinsim.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/** The version in the jar's manifest. */
final class Version implements IVersionProvider {

  /** The version, or {@code development} outside a jar. */
  static String text() {
    return Optional.ofNullable(Version.class.getPackage().getImplementationVersion())
        .orElse("development");
  }

  /** The commit that the jar was built from; empty where that is not known. */
  static String commit() {
    Properties git = new Properties();
    try (InputStream in = Version.class.getResourceAsStream("/git.properties")) {
      if (in != null) {
        git.load(in);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return git.getProperty("git.commit.id", "");
  }

  @Override
  public String[] getVersion() {
    return new String[] {"basin " + text()};
  }
}
