package org.basinsim.results;

import io.jhdf.HdfFile;
import java.lang.reflect.Array;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.basinsim.model.Column;
import org.basinsim.model.RestartRange;
import org.basinsim.results.RowFile.Located;

/**
 * A finished results file, read: attributes, study and cells at once, rows as they are asked for,
 * wherever they stand. Get one from {@link #open}; there is nothing to close.
 */
public final class ResultsFile {
  private static final int ROWS_AT_ONCE = 1 << 16;

  private final Path path;
  private final Map<String, Object> attributes = new LinkedHashMap<>();
  private final String study;
  private final Map<String, Object> cells = new LinkedHashMap<>();
  private final int[][] sampledSteps;
  private final List<Minimum> minima;
  private final List<Piece> pieces;
  private final Optional<RowFile> ownRows;
  private final List<PartTables.Part> parts;
  private List<RowFile> rowFiles;

  private ResultsFile(Path path, HdfFile file) {
    this.path = path;
    file.getAttributes().forEach((name, value) -> attributes.put(name, value.getData()));
    this.study = FinishedFile.text(path, file);
    TableReader table = TableReader.of(path, file, "cells");
    table.names().forEach(name -> cells.put(name, table.array(name)));
    checkCells();
    this.sampledSteps =
        TableReader.exists(file, "trajectories")
            ? (int[][]) TableReader.of(path, file, "trajectories").array("step")
            : new int[cells()][0];
    this.minima = Minima.read(path, file);
    boolean counts = Piece.areIn(file);
    boolean listed = PartTables.areIn(file);
    this.pieces = counts ? Piece.read(path, file) : List.of();
    this.parts = listed ? PartTables.read(path, file).list() : List.of();
    this.ownRows = counts || listed ? Optional.empty() : Optional.of(RowFile.of(path, file));
  }

  private void checkCells() {
    for (String name : List.of("restarts", "global", "spurious", "undecided", "diverged")) {
      if (!(cells.get(name) instanceof long[])) {
        throw new DamagedResults(path, "no counts in /cells/" + name);
      }
    }
    if (!(cells.get("identity") instanceof String[])) {
      throw new DamagedResults(path, "no texts in /cells/identity");
    }
    for (Map.Entry<String, Object> column : cells.entrySet()) {
      if (Array.getLength(column.getValue()) != cells()) {
        throw new DamagedResults(path, "/cells/" + column.getKey() + " is of another length");
      }
    }
  }

  /**
   * Opens a results file.
   *
   * @throws InaccessibleResults where there is none, or it cannot be read
   * @throws DamagedResults where it is truncated, altered, foreign or of another version
   */
  public static ResultsFile open(Path file) {
    if (!Files.exists(file) && Files.isDirectory(Shards.folder(file))) {
      throw new InaccessibleResults(
          file, "not there yet: its study is unfinished; run the study again to go on");
    }
    return Stored.read(file, Stored.RESULTS, hdf -> new ResultsFile(file, hdf));
  }

  /** The file. */
  public Path path() {
    return path;
  }

  /** Root attributes by name: String, Long, Integer or Double. */
  public Map<String, Object> attributes() {
    return Collections.unmodifiableMap(attributes);
  }

  /** The study as run, TOML. */
  public String study() {
    return study;
  }

  /** Number of cells. */
  public int cells() {
    return ((String[]) cells.get("identity")).length;
  }

  /**
   * Names of the columns of {@code /cells}, in order: swept keys first, then {@code restarts}, …
   */
  public List<String> cellColumns() {
    return List.copyOf(cells.keySet());
  }

  /** Dotted names of the swept keys. */
  public List<String> sweptKeys() {
    List<String> names = cellColumns();
    return names.subList(0, names.indexOf("restarts"));
  }

  /**
   * A column of {@code /cells}: {@code long[]}, {@code double[]}, {@code String[]}, or {@code
   * int[]} of 0 and 1 for truth values.
   */
  public Object cellColumn(String name) {
    Object column = cells.get(name);
    if (column == null) {
      throw new IllegalArgumentException("no column '" + name + "'; there are " + cells.keySet());
    }
    return column;
  }

  /** A column of counts: {@code restarts}, {@code global}, … */
  public long[] counts(String name) {
    return (long[]) cellColumn(name);
  }

  /** A column of real numbers: {@code probability}, {@code ci_low}, … */
  public double[] reals(String name) {
    return (double[]) cellColumn(name);
  }

  /** What is written of a cell. */
  public CellSummary summary(int cell) {
    return new CellSummary(
        counts("global")[cell],
        counts("spurious")[cell],
        counts("undecided")[cell],
        counts("diverged")[cell],
        counts("clusters")[cell],
        reals("probability")[cell],
        reals("ci_low")[cell],
        reals("ci_high")[cell],
        cells.containsKey("exact") ? reals("exact")[cell] : Double.NaN);
  }

  /** Whether counts were kept instead of rows. */
  public boolean countsOnly() {
    return ownRows.isEmpty() && parts.isEmpty();
  }

  /** The columns of {@code /restarts} after cell and index; none where counts were kept. */
  public List<Column> restartColumns() {
    return countsOnly() ? List.of() : rowFiles().getFirst().layout().columns();
  }

  /** The steps at which trajectories of a cell are sampled; empty where there are none. */
  public int[] sampledSteps(int cell) {
    return Arrays.stream(sampledSteps[cell]).filter(step -> step >= 0).toArray();
  }

  /** The minima at which spurious restarts ended, by cell, where the study tells them apart. */
  public List<Minimum> minima() {
    return minima;
  }

  /**
   * Shows all rows in order, some at a time; none where counts were kept.
   *
   * @throws DamagedResults where a part is missing or altered
   */
  public void forEachRows(Consumer<Rows> visitor) {
    for (RowFile rows : rowFiles()) {
      for (Located located : Located.of(rows)) {
        RestartRange range = located.range();
        for (long first = range.first(); first < range.end(); first += ROWS_AT_ONCE) {
          long end = Math.min(range.end(), first + ROWS_AT_ONCE);
          visitor.accept(Union.assemble(rows.layout(), List.of(located.part(first, end))));
        }
      }
    }
  }

  /** The row of a restart; empty where it is not recorded. */
  public Optional<Rows> row(int cell, long index) {
    for (RowFile rows : rowFiles()) {
      for (Located located : Located.of(rows)) {
        RestartRange range = located.range();
        if (range.cell() == cell && range.first() <= index && index < range.end()) {
          return Optional.of(
              Union.assemble(rows.layout(), List.of(located.part(index, index + 1))));
        }
      }
    }
    return Optional.empty();
  }

  private List<RowFile> rowFiles() {
    if (rowFiles == null) {
      rowFiles =
          ownRows.map(List::of).orElseGet(() -> parts.stream().map(PartTables.Part::open).toList());
    }
    return rowFiles;
  }

  /** All that the file refers to. */
  Found found() {
    return new Found(path, Optional.of(study), rowFiles(), pieces, true, wallSeconds());
  }

  /** The study, as far as the file tells. */
  Manifest manifest() {
    List<Manifest.Cell> list = new ArrayList<>();
    for (int c = 0; c < cells(); c++) {
      int cell = c;
      list.add(
          new Manifest.Cell(
              sweptKeys().stream().map(key -> value(key, cell)).toList(),
              ((String[]) cells.get("identity"))[c],
              restartColumns(),
              counts("restarts")[c],
              Arrays.stream(sampledSteps(c)).boxed().toList()));
    }
    Object seed = attributes.get("seed");
    return new Manifest(
        study, seed instanceof Long number ? number : 0, sweptKeys(), list, countsOnly());
  }

  private Object value(String key, int cell) {
    return switch (cells.get(key)) {
      case long[] longs -> (Object) longs[cell];
      case double[] reals -> (Object) reals[cell];
      case int[] truths -> (Object) (truths[cell] != 0);
      case String[] texts -> texts[cell];
      default -> throw new DamagedResults(path, "/cells/" + key + " is of no known type");
    };
  }

  Provenance provenance() {
    return Provenance.of(
        Provenance.NAMES.stream()
            .map(name -> String.valueOf(attributes.getOrDefault(name, "")))
            .toList());
  }

  /** What all work took, in seconds. */
  public double wallSeconds() {
    return attributes.get("wall_seconds") instanceof Double seconds ? seconds : 0;
  }
}
