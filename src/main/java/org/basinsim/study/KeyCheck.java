package org.basinsim.study;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.basinsim.study.Values.Value;
import org.tomlj.TomlArray;
import org.tomlj.TomlTable;

/** Checks each key by itself: whether it is known, and whether its form takes what it is given. */
final class KeyCheck {
  private final Map<String, Key> known = new LinkedHashMap<>();
  private final Map<String, String> owners;
  private final boolean complete;
  private final Problems problems;
  private final Place file;
  private final Set<String> meant = new HashSet<>();

  /**
   * @param keys the known keys
   * @param owners keys of every kind of system, with the name of one that has them
   * @param complete whether there are no others
   * @param file for what is missing
   */
  KeyCheck(
      List<Key> keys, Map<String, String> owners, boolean complete, Problems problems, Place file) {
    keys.forEach(key -> known.put(key.name(), key));
    this.owners = owners;
    this.complete = complete;
    this.problems = problems;
    this.file = file;
  }

  /**
   * Checks a study.
   *
   * @param values receives the values that hold for all cells
   * @return the swept values; without points where they cannot be made into cells
   */
  Sweep check(Document document, Map<String, Value> values) {
    Map<String, List<Value>> axes = new LinkedHashMap<>();
    Set<String> given = new HashSet<>();
    for (Entry entry : document.entries().values()) {
      Optional<Key> key = key(entry);
      key.map(Key::name).ifPresent(given::add);
      if (key.isPresent() && isAxis(key.get(), entry)) {
        values.put(
            entry.key(), new Value(null, true, Rendering.value(entry.value()), entry.place()));
        axis(key.get(), entry, document, axes);
      } else if (key.isPresent()) {
        values.put(entry.key(), single(key.get(), entry));
      }
    }
    document.blocks().forEach(block -> given.addAll(block.entries().keySet()));
    Sweep sweep = document.blocks().isEmpty() ? product(axes) : blocks(document);
    for (Key key : known.values()) {
      if (key.required() && !given.contains(key.name()) && !meant.contains(key.name())) {
        problems.add(
            file,
            key.name() + " is missing: " + key.meaning() + "; allowed: " + key.form().allowed());
      }
    }
    return sweep;
  }

  private Optional<Key> key(Entry entry) {
    Key key = known.get(entry.key());
    boolean table = known.keySet().stream().anyMatch(name -> name.startsWith(entry.key() + "."));
    boolean empty = entry.value() instanceof TomlTable below && below.isEmpty();
    if (key == null && complete && !(table && empty)) {
      String wrong;
      if (table) {
        wrong = "a table of keys; allowed: [" + entry.key() + "] and keys below it";
      } else if (entry.key().equals(Document.CELLS)) {
        wrong = "not a list of blocks; allowed: [[cells]] and keys below it";
      } else if (owners.containsKey(entry.key())) {
        wrong =
            "only systems of kind "
                + Rendering.quoted(owners.get(entry.key()))
                + " have this key; allowed: leaving it out";
      } else {
        List<String> names = List.copyOf(known.keySet());
        Nearest.of(entry.key(), names).ifPresent(meant::add);
        wrong = "unknown key" + Nearest.suggestion(entry.key(), names);
      }
      refuse(entry, wrong);
    }
    return Optional.ofNullable(key);
  }

  /** Whether a list is an axis: one of single values, or one of lists where a list is a value. */
  private static boolean isAxis(Key key, Entry entry) {
    return entry.value() instanceof TomlArray array
        && (!key.form().isList() || !array.isEmpty() && array.get(0) instanceof TomlArray);
  }

  private void axis(Key key, Entry entry, Document document, Map<String, List<Value>> axes) {
    List<Object> elements = ((TomlArray) entry.value()).toList();
    if (!key.swept()) {
      refuse(entry, "one value holds for the whole study; allowed: " + key.form().allowed());
    } else if (elements.isEmpty()) {
      refuse(entry, "the list is empty; allowed: " + key.form().allowed());
    } else if (!document.blocks().isEmpty()) {
      refuse(entry, "a list beside [[cells]]; allowed: one of the two");
    } else {
      List<Value> axis = new ArrayList<>();
      for (int i = 0; i < elements.size(); i++) {
        axis.add(value(key, elements.get(i), entry.elements().get(i)));
      }
      axes.put(key.name(), axis);
    }
  }

  private Value single(Key key, Entry entry) {
    return value(key, entry.value(), entry.place());
  }

  private Value value(Key key, Object value, Place place) {
    String shown = Rendering.value(value);
    try {
      return new Value(key.form().take(value), true, shown, place);
    } catch (Unfit unfit) {
      problems.add(place, key.name(), shown, unfit.getMessage());
      return new Value(null, true, shown, place);
    }
  }

  private Sweep product(Map<String, List<Value>> axes) {
    long cells = 1;
    for (List<Value> axis : axes.values()) {
      cells *= axis.size();
      if (cells > Sweep.MOST_CELLS) {
        problems.add(
            file,
            "the lists make more than " + Sweep.MOST_CELLS + " cells; allowed: shorter lists");
        return new Sweep(List.of(), List.of());
      }
    }
    return Sweep.product(axes);
  }

  private Sweep blocks(Document document) {
    List<String> swept = List.copyOf(document.blocks().getFirst().entries().keySet());
    List<List<Value>> points = new ArrayList<>();
    boolean alike = true;
    for (Document.Block block : document.blocks()) {
      Map<String, Value> point = new LinkedHashMap<>();
      for (Entry entry : block.entries().values()) {
        key(entry)
            .filter(key -> fitsBlock(key, entry, document, swept))
            .ifPresent(key -> point.put(key.name(), single(key, entry)));
      }
      List<String> left = swept.stream().filter(key -> !block.entries().containsKey(key)).toList();
      if (!left.isEmpty() || block.entries().isEmpty()) {
        problems.add(
            block.place(),
            "a [[cells]] block without "
                + (left.isEmpty() ? "keys" : String.join(", ", left))
                + "; allowed: the same keys in each block");
      }
      alike &= point.keySet().containsAll(swept);
      points.add(swept.stream().map(point::get).toList());
    }
    return alike ? new Sweep(swept, points) : new Sweep(List.of(), List.of());
  }

  private boolean fitsBlock(Key key, Entry entry, Document document, List<String> swept) {
    String wrong = null;
    if (!key.swept()) {
      wrong = "one value holds for the whole study; allowed: above [[cells]]";
    } else if (document.entries().containsKey(key.name())) {
      wrong = "stands above [[cells]] as well; allowed: one of the two places";
    } else if (!swept.contains(key.name())) {
      wrong = "not in the first [[cells]] block; allowed: the same keys in each block";
    } else if (isAxis(key, entry)) {
      wrong = "a list in [[cells]]; allowed: a single value";
    }
    if (wrong != null) {
      refuse(entry, wrong);
    }
    return wrong == null;
  }

  private void refuse(Entry entry, String text) {
    problems.add(
        entry.place(), Rendering.oneLine(entry.key()), Rendering.value(entry.value()), text);
  }
}
