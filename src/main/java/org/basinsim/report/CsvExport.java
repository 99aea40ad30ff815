package org.basinsim.report;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;
import org.basinsim.model.Column;
import org.basinsim.results.ResultsFile;
import org.basinsim.results.Rows;

/**
 * Writes a results file as CSV: {@code cells.csv} and, where rows were kept, {@code restarts.csv}.
 */
public final class CsvExport {
  private static final CSVFormat FORMAT =
      CSVFormat.DEFAULT.builder().setRecordSeparator('\n').get();

  private CsvExport() {}

  /**
   * Writes both files, replacing older ones.
   *
   * @param folder made where it does not exist
   * @return what was written
   * @throws IOException where it cannot be written
   */
  public static List<Path> write(ResultsFile file, Path folder) throws IOException {
    Files.createDirectories(folder);
    List<Path> written = new ArrayList<>();
    Path cells = folder.resolve("cells.csv");
    Files.writeString(cells, CellFormat.csv.write(new CellReport(file).columns()));
    written.add(cells);
    if (!file.countsOnly()) {
      Path restarts = folder.resolve("restarts.csv");
      writeRestarts(file, restarts);
      written.add(restarts);
    }
    return written;
  }

  private static void writeRestarts(ResultsFile file, Path path) throws IOException {
    try (BufferedWriter writer = Files.newBufferedWriter(path);
        CSVPrinter printer = new CSVPrinter(writer, FORMAT)) {
      printer.printRecord(header(file.restartColumns()));
      IOException[] failure = new IOException[1];
      file.forEachRows(rows -> {
        try {
          if (failure[0] == null) {
            writeRows(rows, printer);
          }
        } catch (IOException e) {
          failure[0] = e;
        }
      });
      if (failure[0] != null) {
        throw failure[0];
      }
    }
  }

  /** A vector takes a column for each number: {@code name_0}, {@code name_1}, … */
  private static List<String> header(List<Column> columns) {
    List<String> header = new ArrayList<>(List.of("cell", "index"));
    for (Column column : columns) {
      for (int i = 0; i < column.size(); i++) {
        header.add(column.size() == 1 ? column.name() : column.name() + "_" + i);
      }
    }
    return header;
  }

  private static void writeRows(Rows rows, CSVPrinter printer) throws IOException {
    int[] cells = rows.cells();
    long[] indices = rows.indices();
    for (int row = 0; row < rows.count(); row++) {
      List<Object> record = new ArrayList<>(List.of(cells[row], indices[row]));
      for (Column column : rows.columns()) {
        for (int i = 0; i < column.size(); i++) {
          record.add(number(rows.array(column.name()), row * column.size() + i));
        }
      }
      printer.printRecord(record);
    }
  }

  private static Object number(Object array, int at) {
    return switch (array) {
      case byte[] bytes -> bytes[at] & 0xff;
      case int[] ints -> ints[at];
      case double[] reals -> Double.isNaN(reals[at]) ? "" : reals[at];
      default -> throw new IllegalStateException("a column of " + array.getClass());
    };
  }
}
