package org.basinsim.study;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.tomlj.TomlArray;

/**
 * Which values a key takes. A form turns a TOML value into the one that experiments are made of.
 */
public sealed interface Form {

  /**
   * The value in the type that {@link Values} hands out.
   *
   * @param value as TOML has it
   * @throws Unfit if it is none of this form's
   */
  Object take(Object value) throws Unfit;

  /** What is allowed, as the end of a sentence. */
  String allowed();

  /** Whether one value is a list by itself. */
  default boolean isList() {
    return false;
  }

  /** A whole number; taken as {@code Long}. */
  record Whole(long least, long most) implements Form {
    @Override
    public Object take(Object value) throws Unfit {
      if (!(value instanceof Long number)) {
        throw new Unfit("not a whole number", allowed());
      }
      if (number < least || number > most) {
        throw new Unfit("out of range", allowed());
      }
      return number;
    }

    @Override
    public String allowed() {
      return least == most ? Long.toString(least) : "a whole number from " + least + " to " + most;
    }
  }

  /** A finite number, the ends included where they are written; taken as {@code Double}. */
  record Real(double least, double most) implements Form {
    @Override
    public Object take(Object value) throws Unfit {
      if (!(value instanceof Long || value instanceof Double)) {
        throw new Unfit("not a number", allowed());
      }
      double number = ((Number) value).doubleValue();
      if (!(number >= least && number <= most)) {
        throw new Unfit("out of range", allowed());
      }
      return number + 0.0; // makes −0 the 0 it equals
    }

    @Override
    public String allowed() {
      return "a number from " + Rendering.number(least) + " to " + Rendering.number(most);
    }
  }

  /** {@code true} or {@code false}; taken as {@code Boolean}. */
  record Flag() implements Form {
    @Override
    public Object take(Object value) throws Unfit {
      if (!(value instanceof Boolean)) {
        throw new Unfit("not true or false", allowed());
      }
      return value;
    }

    @Override
    public String allowed() {
      return "true, false";
    }
  }

  /**
   * One of some words; taken as {@code String}.
   *
   * @param now may be used
   * @param later words that this version knows and refuses
   */
  record Word(List<String> now, List<String> later) implements Form {
    public Word {
      now = List.copyOf(now);
      later = List.copyOf(later);
    }

    /** Words that may all be used. */
    static Word of(String... words) {
      return new Word(List.of(words), List.of());
    }

    @Override
    public Object take(Object value) throws Unfit {
      if (!(value instanceof String word)) {
        throw new Unfit("not a string", allowed());
      }
      if (now.contains(word)) {
        return word;
      }
      if (later.contains(word)) {
        throw new Unfit("not in this version", allowed());
      }
      List<String> known = Stream.concat(now.stream(), later.stream()).toList();
      throw new Unfit("not a known word", allowed() + Nearest.suggestion(word, known));
    }

    @Override
    public String allowed() {
      return Rendering.words(now);
    }
  }

  /**
   * Free text of one line that matches a pattern; taken as {@code String}.
   *
   * @param pattern regular expression for the whole text
   * @param allowed the pattern in words
   */
  record Text(String pattern, String allowed) implements Form {
    @Override
    public Object take(Object value) throws Unfit {
      if (!(value instanceof String text)) {
        throw new Unfit("not a string", allowed());
      }
      if (!text.matches(pattern)) {
        throw new Unfit("not of the right form", allowed());
      }
      return text;
    }
  }

  /**
   * The path of a file; taken as {@code String}. In a file it starts from the study's folder, on
   * the command line from the working folder.
   *
   * @param allowed which file
   */
  record FilePath(String allowed) implements Form {
    @Override
    public Object take(Object value) throws Unfit {
      return new Text("\\P{Cntrl}{1,4000}", allowed).take(value);
    }
  }

  /** A number, or a word that stands for one; taken as {@code Double} or {@code String}. */
  record RealOr(Real real, Word word) implements Form {
    @Override
    public Object take(Object value) throws Unfit {
      try {
        return value instanceof String ? word.take(value) : real.take(value);
      } catch (Unfit unfit) {
        throw new Unfit(unfit.wrong(), allowed());
      }
    }

    @Override
    public String allowed() {
      return real.allowed() + ", or " + word.allowed();
    }
  }

  /** A vector that is not zero, of a length that a rule checks; taken as {@code List<Double>}. */
  record Vector(Real entry) implements Form {
    @Override
    public Object take(Object value) throws Unfit {
      List<Double> vector = new ArrayList<>();
      for (Object element : elements(value, allowed())) {
        try {
          vector.add((Double) entry.take(element));
        } catch (Unfit unfit) {
          throw new Unfit("entry " + (vector.size() + 1) + " is " + unfit.wrong(), allowed());
        }
      }
      if (vector.stream().allMatch(x -> x == 0)) {
        throw new Unfit(vector.isEmpty() ? "the list is empty" : "all entries are 0", allowed());
      }
      return List.copyOf(vector);
    }

    @Override
    public boolean isList() {
      return true;
    }

    @Override
    public String allowed() {
      return "a list of numbers that are not all 0, each " + entry.allowed();
    }
  }

  /** A list of whole numbers, possibly empty; taken as {@code List<Long>}. */
  record Wholes(Whole entry) implements Form {
    @Override
    public Object take(Object value) throws Unfit {
      List<Long> numbers = new ArrayList<>();
      for (Object element : elements(value, allowed())) {
        try {
          numbers.add((Long) entry.take(element));
        } catch (Unfit unfit) {
          throw new Unfit("entry " + (numbers.size() + 1) + " is " + unfit.wrong(), allowed());
        }
      }
      return List.copyOf(numbers);
    }

    @Override
    public boolean isList() {
      return true;
    }

    @Override
    public String allowed() {
      return "a list of numbers, each " + entry.allowed();
    }
  }

  /** A list of words, possibly empty; taken as {@code List<String>} without repetition. */
  record Words(Word word) implements Form {
    @Override
    public Object take(Object value) throws Unfit {
      List<String> words = new ArrayList<>();
      for (Object element : elements(value, allowed())) {
        try {
          words.add((String) word.take(element));
        } catch (Unfit unfit) {
          throw new Unfit(
              Rendering.value(element) + " is " + unfit.wrong(),
              "a list of "
                  + word.allowed()
                  + (element instanceof String text ? Nearest.suggestion(text, word.now()) : ""));
        }
      }
      return words.stream().distinct().toList();
    }

    @Override
    public boolean isList() {
      return true;
    }

    @Override
    public String allowed() {
      return "a list of " + word.allowed();
    }
  }

  /**
   * No value yet: the key belongs to a later version.
   *
   * @param allowed what to do instead
   */
  record Later(String allowed) implements Form {
    @Override
    public Object take(Object value) throws Unfit {
      throw new Unfit("not in this version", allowed);
    }

    @Override
    public boolean isList() {
      return true;
    }
  }

  private static List<Object> elements(Object value, String expected) throws Unfit {
    if (value instanceof TomlArray array) {
      return array.toList();
    }
    throw new Unfit("not a list", expected);
  }
}
