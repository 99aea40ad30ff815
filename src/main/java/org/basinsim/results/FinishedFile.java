package org.basinsim.results;

import io.jhdf.HdfFile;
import io.jhdf.WritableHdfFile;
import io.jhdf.api.Dataset;
import io.jhdf.api.WritableGroup;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;

/**
 * The content of a results file: root attributes, study, cells, trajectory steps, and the tables of
 * what was recorded.
 *
 * @param name of the file
 * @param manifest the study
 * @param summaries one a cell
 * @param tables what was recorded
 * @param provenance of the latest work
 * @param wallSeconds that all work took
 */
record FinishedFile(
    String name,
    Manifest manifest,
    List<CellSummary> summaries,
    Tables tables,
    Provenance provenance,
    double wallSeconds)
    implements DurableFolder.Content {

  @Override
  public void write(Path path) {
    try (WritableHdfFile file = HdfFile.write(path)) {
      writeAttributes(file);
      TableWriter.describe(
          file.putDataset("study", manifest.text()), "1", "the study as run, in TOML", "");
      writeCells(file);
      writeSampledSteps(file);
      tables.write(file);
    }
  }

  private void writeAttributes(WritableGroup file) {
    file.putAttribute("format", Stored.RESULTS);
    file.putAttribute("format_version", Stored.VERSION);
    file.putAttribute("created", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
    file.putAttribute("study_sha256", Sha256.of(manifest.text()));
    file.putAttribute("seed", manifest.seed());
    file.putAttribute("rng", "philox4x32-10");
    for (int field = 0; field < Provenance.NAMES.size(); field++) {
      file.putAttribute(Provenance.NAMES.get(field), provenance.values().get(field));
    }
    file.putAttribute("wall_seconds", wallSeconds);
  }

  private void writeCells(WritableGroup file) {
    TableWriter table = new TableWriter(file, "cells", "cell");
    for (int key = 0; key < manifest.keys().size(); key++) {
      int k = key;
      String name = manifest.keys().get(k);
      List<Object> values = manifest.cells().stream().map(cell -> cell.values().get(k)).toList();
      writeSwept(table, name, values);
    }
    writeCounts(table, "restarts", "restarts recorded", CellSummary::restarts);
    writeCounts(table, "global", "restarts at the global minimum", CellSummary::global);
    writeCounts(table, "spurious", "restarts that ended elsewhere", CellSummary::spurious);
    writeCounts(table, "undecided", "restarts that spent their budget", CellSummary::undecided);
    writeCounts(table, "diverged", "restarts that left every bound", CellSummary::diverged);
    writeCounts(
        table,
        "clusters",
        "independent groups of restarts behind the interval",
        CellSummary::clusters);
    writeReals(
        table, "probability", "success probability, global/restarts", CellSummary::probability);
    writeReals(table, "ci_low", "lower end of its interval", CellSummary::low);
    writeReals(table, "ci_high", "upper end of its interval", CellSummary::high);
    if (summaries.stream().anyMatch(summary -> !Double.isNaN(summary.exact()))) {
      writeReals(table, "exact", "success probability by quadrature", CellSummary::exact);
    }
    table.putTexts(
        "identity",
        manifest.cells().stream().map(Manifest.Cell::identity).toList(),
        "SHA-256 of the seed and the mathematics of the cell");
  }

  private static void writeSwept(TableWriter table, String name, List<Object> values) {
    String meaning = "swept key " + name;
    if (values.stream().allMatch(Long.class::isInstance)) {
      table.putLongs(name, values.stream().map(Long.class::cast).toList(), "1", meaning);
    } else if (values.stream().allMatch(Number.class::isInstance)) {
      double[] reals = values.stream().mapToDouble(v -> ((Number) v).doubleValue()).toArray();
      table.put(name, reals, "1", meaning);
    } else if (values.stream().allMatch(Boolean.class::isInstance)) {
      byte[] bytes = new byte[values.size()];
      for (int i = 0; i < bytes.length; i++) {
        bytes[i] = (byte) (values.get(i).equals(true) ? 1 : 0);
      }
      table.putBytes(name, bytes, "1", meaning + ": 1 true, 0 false");
    } else {
      table.putTexts(name, values.stream().map(String::valueOf).toList(), meaning);
    }
  }

  private void writeCounts(
      TableWriter table, String name, String meaning, ToLongFunction<CellSummary> count) {
    table.put(name, summaries.stream().mapToLong(count).toArray(), "1", meaning);
  }

  private void writeReals(
      TableWriter table, String name, String meaning, ToDoubleFunction<CellSummary> value) {
    table.put(name, summaries.stream().mapToDouble(value).toArray(), "1", meaning);
  }

  private void writeSampledSteps(WritableGroup file) {
    int length =
        manifest.cells().stream().mapToInt(cell -> cell.sampledSteps().size()).max().orElse(0);
    if (length == 0) {
      return;
    }
    int[][] steps = new int[manifest.cells().size()][length];
    for (int c = 0; c < steps.length; c++) {
      Arrays.fill(steps[c], -1);
      List<Integer> sampled = manifest.cells().get(c).sampledSteps();
      for (int i = 0; i < sampled.size(); i++) {
        steps[c][i] = sampled.get(i);
      }
    }
    TableWriter.describe(
        file.putGroup("trajectories").putDataset("step", steps),
        "step",
        "steps at which the trajectories of a cell are sampled; -1 beyond the last",
        "cell, sample");
  }

  @Override
  public void verify(Path path) {
    Stored.read(
        path,
        Stored.RESULTS,
        file -> {
          if (!text(path, file).equals(manifest.text())) {
            throw new DamagedResults(path, "another study than written");
          }
          TableReader cells = TableReader.of(path, file, "cells");
          double[] meant = summaries.stream().mapToDouble(CellSummary::probability).toArray();
          if (!Arrays.equals(cells.reals("probability"), meant)
              || cells.texts("identity").length != manifest.cells().size()) {
            throw new DamagedResults(path, "other cells than written");
          }
          tables.verify(path, file);
          return path;
        });
  }

  /** The study in a file. */
  static String text(Path path, HdfFile file) {
    if (file.getChild("study") instanceof Dataset dataset
        && TableReader.read(path, dataset) instanceof String text) {
      return text;
    }
    throw new DamagedResults(path, "no data set /study");
  }

  @Override
  public String name(Path path) {
    return name;
  }
}
