package org.basinsim.results;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.basinsim.model.Column;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Results open in h5py and pandas as they are. */
class PythonTest {
  private static final String PYTHON =
      System.getenv().getOrDefault("BASIN_PYTHON", "/usr/bin/python3");

  @TempDir Path folder;

  @BeforeEach
  void needsLibraries() throws IOException, InterruptedException {
    assumeTrue(
        python("import h5py, pandas, numpy").isEmpty(), "h5py or pandas is missing for " + PYTHON);
  }

  private static String python(String program, String... arguments)
      throws IOException, InterruptedException {
    List<String> words = new ArrayList<>(List.of(PYTHON, "-c", program));
    words.addAll(List.of(arguments));
    Process process;
    try {
      process = new ProcessBuilder(words).redirectErrorStream(true).start();
    } catch (IOException e) {
      return e.getMessage();
    }
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    return said.strip();
  }

  @Test
  void oneFile() throws IOException, InterruptedException {
    List<Column> columns = List.of(Column.OUTCOME, Toy.STEPS, Toy.LOSS, Toy.trajectory(3));
    Path file = folder.resolve("x.h5");
    Toy.complete(file, Toy.manifest(13, columns, "a", "b"), 5, 1);
    String program =
        """
        import sys, h5py, numpy, pandas
        with h5py.File(sys.argv[1]) as f:
            assert f.attrs["format"] in ("basin-results", b"basin-results"), f.attrs["format"]
            assert f["study"][()].decode() == "cells = [a, b]"
            names = f["restarts"].attrs["columns"]
            assert list(map(str, numpy.char.decode(names) if names.dtype.kind == "S" else names)) \\
                == ["cell", "index", "outcome", "steps", "loss", "trajectory_loss"], names
            def check(name, item):
                if isinstance(item, h5py.Dataset):
                    assert {"units", "long_name", "dims"} <= set(item.attrs), name
            f.visititems(check)
            r = {n: d[()] for n, d in f["restarts"].items() if d.ndim == 1}
            rows = pandas.DataFrame(r)
            assert rows.outcome.dtype == numpy.uint8 and rows["index"].dtype == numpy.int64
            assert len(rows) == 26 and (rows.cell.diff().dropna() >= 0).all()
            assert list(rows[rows.cell == 1]["index"]) == list(range(13))
            cells = pandas.DataFrame({n: d[()] for n, d in f["cells"].items()})
            found = [int(((rows.cell == c) & (rows.outcome == 1)).sum()) for c in range(2)]
            assert found == list(cells["global"]), (found, cells["global"])
            assert (cells.restarts == 13).all()
            assert f["restarts/trajectory_loss"].shape == (26, 3)
            assert f["trajectories/step"].shape == (2, 3)
            unit = f["restarts/trajectory_loss"].attrs["long_name"]
            assert (unit.decode() if isinstance(unit, bytes) else unit) == "\\u2016loss\\u2016 on the way", unit
        """;
    assertEquals("", python(program, file.toString()));
  }

  @Test
  void minima() throws IOException, InterruptedException {
    Path file = folder.resolve("x.h5");
    MinimaTest.complete(file, MinimaTest.manifest(13), 5, 1);
    String program =
        """
        import sys, h5py, numpy, pandas
        with h5py.File(sys.argv[1]) as f:
            for name in f["minima"]:
                assert {"units", "long_name", "dims"} <= set(f["minima"][name].attrs), name
            minima = {n: d[()] for n, d in f["minima"].items()}
            assert minima["position"].shape == (4, 2) and list(minima["cell"]) == [0, 0, 0, 1]
            rows = pandas.DataFrame({n: d[()] for n, d in f["restarts"].items() if d.ndim == 1})
            at = f["restarts/position"][()]
            ended = rows.minimum >= 0
            assert (ended == ((rows.outcome == 2) & (rows.cell < 2))).all()
            assert (minima["cell"][rows.minimum[ended]] == rows.cell[ended]).all()
            assert numpy.abs(minima["position"][rows.minimum[ended]] - at[ended]).max() < 3e-4
            assert list(rows.minimum[ended].value_counts().sort_index()) == list(minima["count"])
        """;
    assertEquals("", python(program, file.toString()));
  }

  @Test
  void parts() throws IOException, InterruptedException {
    Path file = folder.resolve("x.h5");
    Toy.complete(file, Toy.manifest(41, "a", "b"), 5, 1);
    String program =
        """
        import sys, hashlib, h5py, numpy
        with h5py.File(sys.argv[1]) as f:
            assert "restarts" not in f
            row = 0
            for name, first, last, sha in zip(*(f["parts"][n][()] for n in ("file", "first", "last", "sha256"))):
                path = sys.argv[1] + ".parts/" + name.decode()
                assert hashlib.sha256(open(path, "rb").read()).hexdigest() == sha.decode()
                with h5py.File(path) as part:
                    index = part["restarts/index"][()]
                    cell = part["restarts/cell"][()]
                    assert first == row and last == row + len(index) - 1
                    assert (cell * 41 + index == numpy.arange(first, last + 1)).all()
                    row += len(index)
            assert row == 82
        """;
    assertEquals("", python(program, file.toString()));
  }

  @Test
  void counts() throws IOException, InterruptedException {
    Path file = folder.resolve("x.h5");
    Toy.complete(file, Toy.countsOnly(41, "a", "b"), 5, 1);
    String program =
        """
        import sys, h5py
        with h5py.File(sys.argv[1]) as f:
            total = sum(f["counts"][n][()].sum() for n in ("global", "spurious", "undecided", "diverged"))
            assert total == 82 and f["ranges/count"][()].sum() == 82
        """;
    assertEquals("", python(program, file.toString()));
  }
}
