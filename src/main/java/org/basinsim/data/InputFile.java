package org.basinsim.data;

import io.jhdf.HdfFile;
import io.jhdf.api.Dataset;
import io.jhdf.exceptions.HdfInvalidPathException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import java.util.stream.DoubleStream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/**
 * Inputs of networks, read from a file and checked: an HDF5 data set of floating-point numbers, or
 * CSV with one input a row and an optional line of column names.
 */
public final class InputFile {
  /** More than this is not held in memory at once: 2 GiB in double precision. */
  private static final long MOST_NUMBERS = 1L << 28;

  private final int[] shape;
  private final double[] numbers;

  private InputFile(int[] shape, double[] numbers) {
    this.shape = shape;
    this.numbers = numbers;
  }

  /**
   * Reads a file.
   *
   * @param path CSV where the name ends in {@code .csv}, else HDF5
   * @param dataset name of the HDF5 data set, of shape [data sets, samples, patches, patch size],
   *     [samples, patches, patch size] or [samples, patches·patch size]; not used for CSV
   * @throws BrokenInputs if it cannot be read, has another shape, or a number is not finite
   */
  public static InputFile read(Path path, String dataset) {
    if (Files.isDirectory(path)) {
      throw new BrokenInputs(path + ": a folder");
    }
    if (!Files.exists(path)) {
      throw new BrokenInputs(path + ": no such file");
    }
    if (!Files.isReadable(path)) {
      throw new BrokenInputs(path + ": cannot be read");
    }
    return isCsv(path) ? readCsv(path) : readHdf5(path, dataset);
  }

  /** Whether a file is read as CSV. */
  public static boolean isCsv(Path path) {
    return path.toString().toLowerCase(Locale.ROOT).endsWith(".csv");
  }

  /** A shape as people write it, such as {@code [16, 1000, 9, 6]}. */
  public static String show(int[] shape) {
    return Arrays.toString(shape);
  }

  /** The shape: for CSV [rows, columns]. */
  public int[] shape() {
    return shape.clone();
  }

  /**
   * Part of the numbers, row-major.
   *
   * @param from position of the first
   * @param count how many
   */
  public double[] numbers(int from, int count) {
    return Arrays.copyOfRange(numbers, from, from + count);
  }

  /**
   * SHA-256 of the numbers as little-endian doubles, in hexadecimal. How they are divided is not in
   * it: equal inputs have equal hashes, whichever format they come in.
   */
  public String sha256() {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      ByteBuffer buffer = ByteBuffer.allocate(1 << 16).order(ByteOrder.LITTLE_ENDIAN);
      for (double number : numbers) {
        buffer.putDouble(number);
        if (!buffer.hasRemaining()) {
          digest.update(buffer.flip());
          buffer.clear();
        }
      }
      digest.update(buffer.flip());
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  private static InputFile readHdf5(Path path, String dataset) {
    try (HdfFile file = new HdfFile(path)) {
      if (!(file.getByPath(dataset) instanceof Dataset data)) {
        throw new BrokenInputs(path + ": " + dataset + " is not a data set");
      }
      int[] shape = data.getDimensions();
      if (shape.length < 2 || shape.length > 4) {
        throw new BrokenInputs(
            path + ": " + dataset + " has shape " + show(shape) + ", not two to four dimensions");
      }
      if (data.getSize() == 0) {
        throw new BrokenInputs(path + ": " + dataset + " holds no inputs");
      }
      if (data.getSize() > MOST_NUMBERS) {
        throw tooLarge(path);
      }
      double[] numbers =
          switch (data.getDataFlat()) {
            case double[] doubles -> doubles;
            case float[] floats -> doubles(floats);
            default ->
                throw new BrokenInputs(
                    path
                        + ": "
                        + dataset
                        + " holds "
                        + data.getJavaType().getSimpleName()
                        + ", not floating-point numbers");
          };
      int width = Math.toIntExact(data.getSize() / shape[0] / (shape.length == 4 ? shape[1] : 1));
      checkFinite(path, numbers, width);
      return new InputFile(shape, numbers);
    } catch (HdfInvalidPathException e) {
      throw new BrokenInputs(path + ": no data set " + dataset);
    } catch (BrokenInputs e) {
      throw e;
    } catch (RuntimeException e) {
      // The library answers damage with whatever exception it runs into.
      throw new BrokenInputs(path + ": not a readable HDF5 file (" + e.getMessage() + ")");
    }
  }

  private static double[] doubles(float[] floats) {
    double[] doubles = new double[floats.length];
    for (int i = 0; i < floats.length; i++) {
      doubles[i] = floats[i];
    }
    return doubles;
  }

  private static void checkFinite(Path path, double[] numbers, int width) {
    for (int i = 0; i < numbers.length; i++) {
      if (!Double.isFinite(numbers[i])) {
        throw new BrokenInputs(
            at(path, i / width + 1, i % width + 1) + numbers[i] + " is not finite");
      }
    }
  }

  private static InputFile readCsv(Path path) {
    DoubleStream.Builder numbers = DoubleStream.builder();
    int width = 0;
    int rows = 0;
    try (CSVParser parser =
        CSVParser.parse(
            path, StandardCharsets.UTF_8, CSVFormat.DEFAULT.builder().setTrim(true).get())) {
      for (CSVRecord row : parser) {
        if (row.getRecordNumber() == 1 && isHeader(row)) {
          continue;
        }
        rows++;
        width = rows == 1 ? row.size() : width;
        if (row.size() != width) {
          throw new BrokenInputs(
              path + ": row " + rows + " has " + row.size() + " numbers, the first has " + width);
        }
        if ((long) rows * width > MOST_NUMBERS) {
          throw tooLarge(path);
        }
        for (int column = 0; column < width; column++) {
          numbers.add(number(path, rows, column + 1, row.get(column)));
        }
      }
    } catch (IOException | UncheckedIOException | IllegalStateException e) {
      throw new BrokenInputs(path + ": not readable CSV (" + e.getMessage() + ")");
    }
    if (rows == 0) {
      throw new BrokenInputs(path + ": holds no inputs");
    }
    return new InputFile(new int[] {rows, width}, numbers.build().toArray());
  }

  /** A first line without any number names the columns. */
  private static boolean isHeader(CSVRecord row) {
    return row.stream().allMatch(field -> parse(field) == null);
  }

  private static double number(Path path, int row, int column, String field) {
    Double number = parse(field);
    if (number == null) {
      String shown = field.length() > 40 ? field.substring(0, 40) + "…" : field;
      throw new BrokenInputs(at(path, row, column) + '"' + shown + "\" is not a number");
    }
    if (!Double.isFinite(number)) {
      throw new BrokenInputs(at(path, row, column) + number + " is not finite");
    }
    return number;
  }

  private static Double parse(String field) {
    try {
      return Double.valueOf(field.startsWith("\ufeff") ? field.substring(1) : field);
    } catch (NumberFormatException e) {
      return null;
    }
  }

  private static String at(Path path, int row, int column) {
    return path + ": row " + row + ", column " + column + ": ";
  }

  private static BrokenInputs tooLarge(Path path) {
    return new BrokenInputs(path + ": more than " + MOST_NUMBERS + " numbers (2 GiB)");
  }
}
