package org.basinsim.study;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.basinsim.model.Experiment;
import org.basinsim.study.Values.Value;

/** One reading of one study: from TOML to cells, or to everything that is wrong. */
final class Reading {
  private final List<SystemKind> kinds;
  private final String label;
  private final Place file;
  private final Path folder;
  private final Problems problems = new Problems();
  private final Map<String, Value> values = new HashMap<>();

  Reading(List<SystemKind> kinds, String label, Path folder) {
    this.kinds = kinds;
    this.label = Rendering.oneLine(label);
    this.file = new Place(this.label, Integer.MAX_VALUE);
    this.folder = folder;
  }

  Study study(String text, List<Setting> settings) {
    Document document = Document.parse(text, label, settings, paths(), problems);
    Optional<SystemKind> known = kind(document);
    List<Key> keys = new ArrayList<>(List.of(CommonKeys.kind(kinds)));
    keys.addAll(
        CommonKeys.of(
            known.map(SystemKind::quantities).orElse(List.of()),
            known.map(SystemKind::recorded).orElse(List.of()),
            known.map(SystemKind::averages).orElse(List.of())));
    known.map(SystemKind::keys).ifPresent(keys::addAll);
    for (Key key : keys) {
      String shown = key.standard() == null ? "" : Rendering.value(key.standard());
      values.put(key.name(), new Value(key.standard(), false, shown, file));
    }
    Sweep sweep =
        new KeyCheck(keys, foreign(), known.isPresent(), problems, file).check(document, values);
    if (known.isEmpty() || sweep.points().isEmpty()) {
      problems.check();
    }
    SystemKind kind = known.orElseThrow();
    Set<String> warnings = new LinkedHashSet<>();
    Values.Common common =
        new Values.Common(file, folder, values, problems, warnings, new HashMap<>());
    List<Values> cells = sweep.values(common);
    cells.forEach(kind::check);
    problems.check();
    List<Experiment> experiments = cells.stream().map(kind::build).toList();
    new Duplicates(sweep, problems).check(experiments);
    checkCountsOnly(experiments);
    problems.check();
    Values any = cells.getFirst();
    return new Study(
        any.word("name"),
        any.word("title"),
        any.seed(),
        document.text(),
        any.whole(CommonKeys.PER_CELL),
        any.words(CommonKeys.RECORD).isEmpty(),
        any.word("restarts.interval"),
        any.real("restarts.confidence"),
        new Table(any.wholes(CommonKeys.WITHIN), any.words(CommonKeys.MEAN)),
        sweep.keys(),
        sweep.cells(experiments),
        List.copyOf(warnings));
  }

  private Set<String> paths() {
    return kinds.stream()
        .flatMap(kind -> kind.keys().stream())
        .filter(key -> key.form() instanceof Form.FilePath)
        .map(Key::name)
        .collect(Collectors.toSet());
  }

  /** Keys of any kind, with the first that has them. */
  private Map<String, String> foreign() {
    Map<String, String> owners = new HashMap<>();
    kinds.forEach(kind -> kind.keys().forEach(key -> owners.putIfAbsent(key.name(), kind.name())));
    return owners;
  }

  /** The kind that the study names, if it is one of those known. */
  private Optional<SystemKind> kind(Document document) {
    Entry entry = document.entries().get(CommonKeys.KIND);
    return entry == null
        ? Optional.of(kinds.getFirst())
        : kinds.stream().filter(kind -> kind.name().equals(entry.value())).findFirst();
  }

  private void checkCountsOnly(List<Experiment> experiments) {
    Value record = values.get(CommonKeys.RECORD);
    boolean dependent = experiments.stream().anyMatch(e -> !e.clustering().independent());
    if (dependent && ((List<?>) record.value()).isEmpty()) {
      problems.add(
          record.place(),
          CommonKeys.RECORD,
          record.shown(),
          "restarts that share inputs or starts need their rows for an interval; allowed:"
              + " [\"outcome\"] and more");
    }
  }
}
