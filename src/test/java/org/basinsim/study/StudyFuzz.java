package org.basinsim.study;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Mutates studies at random: each is either a study or broken with messages of one line each. */
public final class StudyFuzz {
  private static final List<String> PIECES =
      List.of(
          "[",
          "]",
          "{",
          "}",
          "=",
          "\"",
          "'",
          "\n",
          "#",
          ".",
          ",",
          "-",
          "\\",
          "\u0000",
          "\u2028",
          "[[cells]]\n",
          "[system]\n",
          "nan",
          "inf",
          "-0.0",
          "1e308",
          "9223372036854775807",
          "true",
          "2018-07-15",
          "\"\"",
          "[]",
          "{}",
          "0",
          "-1",
          "1e-320",
          "\"empirical\"",
          "\"average\"",
          "\"online\"",
          "\"quadruple\"",
          "teacher.output = [1, 2]\n",
          "[[1], [2]]",
          "patches = 1\n");

  private final SplittableRandom random;
  private final StudyReader reader = new StudyReader(Systems.builtIn());
  private int sound;

  public StudyFuzz(long seed) {
    this.random = new SplittableRandom(seed);
  }

  /** Reads {@code count} mutations; fails on any exception but {@link BrokenStudy}. */
  public void read(int count) {
    List<String> corpus =
        new ArrayList<>(BuiltInStudies.names().stream().map(this::small).toList());
    corpus.add(
        """
        name = "t"
        seed = 1
        restarts.per_cell = 10
        descent.oracle = "empirical"
        descent.samples = 9
        [[cells]]
        system.patches = 4
        teacher.output_ratio = 1
        [[cells]]
        system.patches = 9
        teacher.output_ratio = 2
        """);
    for (int i = 0; i < count; i++) {
      String text = corpus.get(random.nextInt(corpus.size()));
      int mutations = 1 + random.nextInt(4);
      for (int m = 0; m < mutations; m++) {
        text = mutated(text);
      }
      check(text);
    }
    assertTrue(sound > count / 100, "most mutations should not be broken the same way");
    assertTrue(sound < count, "no mutation was broken");
  }

  private void check(String text) {
    List<Setting> settings = random.nextInt(4) == 0 ? settings(text) : List.of();
    try {
      Study study = reader.parse(text, "study.toml", Path.of("nowhere"), settings);
      assertFalse(study.cells().isEmpty());
      if (!settings.isEmpty()) {
        Study again = reader.parse(study.text(), "study.toml", Path.of("nowhere"), List.of());
        assertEquals(identities(study), identities(again));
      }
      sound++;
    } catch (BrokenStudy e) {
      assertFalse(e.messages().isEmpty());
      for (String message : e.messages()) {
        assertFalse(message.isBlank() || message.matches("(?s).*[\\p{Cntrl}\u2028].*"), message);
        assertTrue(message.length() < 1000, message);
      }
    } catch (RuntimeException | StackOverflowError e) {
      throw new AssertionError("not a BrokenStudy for " + settings + " on:\n" + text, e);
    }
  }

  private static List<String> identities(Study study) {
    return study.cells().stream().map(cell -> cell.experiment().identity()).toList();
  }

  /** Settings of keys of the text and of others, to values that fit and others. */
  private List<Setting> settings(String text) {
    List<String> keys =
        new ArrayList<>(List.of("seed", "restarts.per_cell", "start.filter", "a b", "cells", ""));
    text.lines()
        .filter(line -> line.contains("="))
        .forEach(line -> keys.add("system." + line.substring(0, line.indexOf('=')).strip()));
    List<Setting> settings = new ArrayList<>();
    for (int i = 0; i <= random.nextInt(3); i++) {
      String value =
          random.nextBoolean()
              ? PIECES.get(random.nextInt(PIECES.size()))
              : List.of("4", "[4, 9]", "cube", "{ file = \"x.csv\" }").get(random.nextInt(4));
      settings.add(new Setting("--set", keys.get(random.nextInt(keys.size())), value));
    }
    return settings;
  }

  /** Without the comments, which would take most of the mutations. */
  private String small(String name) {
    return BuiltInStudies.text(name).replaceAll("(?m)^#.*\n", "");
  }

  private String mutated(String text) {
    int at = random.nextInt(text.length() + 1);
    int end = Math.min(text.length(), at + random.nextInt(12));
    String piece = PIECES.get(random.nextInt(PIECES.size()));
    return switch (random.nextInt(6)) {
      case 0 -> text.substring(0, at) + piece + text.substring(at);
      case 1 -> text.substring(0, at) + text.substring(end);
      case 2 -> text.substring(0, at) + piece + text.substring(end);
      case 3 -> text.substring(0, at) + text.substring(at, end).repeat(3) + text.substring(end);
      case 4 -> line(text, piece);
      default -> text.substring(0, at) + (char) (32 + random.nextInt(300)) + text.substring(at);
    };
  }

  /** Gives the key of a line another value. */
  private String line(String text, String value) {
    List<String> lines = new ArrayList<>(text.lines().toList());
    if (lines.isEmpty()) {
      return value;
    }
    int chosen = random.nextInt(lines.size());
    lines.set(chosen, lines.get(chosen).replaceFirst("=.*", "= ") + value);
    return String.join("\n", lines);
  }
}
