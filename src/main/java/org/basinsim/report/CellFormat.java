package org.basinsim.report;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;

/** Forms in which cells are printed. Rows map column names to numbers and words. */
public enum CellFormat {
  /** For a terminal. */
  table {
    @Override
    public String write(List<? extends Map<String, ?>> rows) {
      if (rows.isEmpty()) {
        return "no cells\n";
      }
      TextTable table = new TextTable(List.copyOf(rows.getFirst().keySet()));
      for (Map<String, ?> row : rows) {
        table.add(row.values().stream().map(CellFormat::text).toList());
      }
      return table.toString();
    }
  },
  /** All digits, names in the first line; empty where there is no number. */
  csv {
    @Override
    public String write(List<? extends Map<String, ?>> rows) {
      StringWriter text = new StringWriter();
      try (CSVPrinter printer =
          new CSVPrinter(text, CSVFormat.DEFAULT.builder().setRecordSeparator('\n').get())) {
        if (!rows.isEmpty()) {
          printer.printRecord(rows.getFirst().keySet());
        }
        for (Map<String, ?> row : rows) {
          List<Object> values = new ArrayList<>(row.values());
          values.replaceAll(value -> value instanceof Double d && d.isNaN() ? "" : value);
          printer.printRecord(values);
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      return text.toString();
    }
  },
  /** An array of objects; null where there is no number. */
  json {
    @Override
    public String write(List<? extends Map<String, ?>> rows) {
      return Json.array(rows);
    }
  };

  /** The text of some rows with the same columns. */
  public abstract String write(List<? extends Map<String, ?>> rows);

  /** A value for a table: the shortest decimal that reads back as the same number. */
  private static String text(Object value) {
    return switch (value) {
      case Double d when d.isNaN() -> "-";
      case Double d when d.isInfinite() -> d > 0 ? "inf" : "-inf";
      case Double d when d == Math.rint(d) && Math.abs(d) < 1e9 -> Long.toString(d.longValue());
      case Double d -> BigDecimal.valueOf(d).stripTrailingZeros().toString();
      default -> value.toString();
    };
  }
}
