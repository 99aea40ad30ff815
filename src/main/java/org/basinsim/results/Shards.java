package org.basinsim.results;

import io.jhdf.HdfFile;
import io.jhdf.WritableHdfFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;

/**
 * The folder {@code FILE.h5.parts/}: immutable shards, each named by the SHA-256 of its content, so
 * that any damage shows and equal shards are one; and the study they belong to.
 */
final class Shards {
  private static final Pattern NAME = Pattern.compile("(rows|counts)-[0-9a-f]{32}\\.h5");
  private static final String DAMAGED = ".damaged";
  private static final String STUDY = "study.toml";

  private final Path path;
  private final DurableFolder folder;
  private final AtomicLong written = new AtomicLong();
  private final Map<Path, String> hashes = new ConcurrentHashMap<>();

  Shards(Path path, DurableFolder.Witness witness) {
    this.path = path;
    this.folder = new DurableFolder(path, witness);
  }

  /** The folder of a results file. */
  static Path folder(Path file) {
    return file.resolveSibling(file.getFileName() + ".parts");
  }

  /** Makes the folder and keeps the study in it. */
  void begin(String study) {
    try {
      Files.createDirectories(path);
    } catch (IOException e) {
      throw new InaccessibleResults(path, "cannot make the folder", e);
    }
    if (!study().equals(Optional.of(study))) {
      folder.publish(STUDY, new StudyText(study));
    }
  }

  /** The study that the shards belong to. */
  Optional<String> study() {
    Path file = path.resolve(STUDY);
    try {
      return Files.exists(file)
          ? Optional.of(new String(Files.readAllBytes(file), StandardCharsets.UTF_8))
          : Optional.empty();
    } catch (IOException e) {
      throw new InaccessibleResults(file, "cannot read", e);
    }
  }

  /**
   * The whole shards; what is not as it was written is set aside, and what was never finished is
   * removed.
   *
   * @param notices gets a line for each shard set aside
   */
  List<Path> whole(List<String> notices) {
    List<Path> whole = new ArrayList<>();
    for (Path file : files()) {
      String name = file.getFileName().toString();
      try {
        if (name.endsWith(DurableFolder.TEMPORARY)) {
          Files.delete(file);
        } else if (NAME.matcher(name).matches()) {
          if (hasName(file, hash(file))) {
            whole.add(file);
          } else {
            setAside(file, notices);
          }
        }
      } catch (IOException e) {
        throw new InaccessibleResults(file, "cannot read", e);
      }
    }
    return whole;
  }

  private void setAside(Path file, List<String> notices) throws IOException {
    Path aside = aside(file);
    Files.move(file, aside);
    notices.add(
        file + ": damaged; set aside as " + aside.getFileName() + ", its restarts come again");
  }

  private Path aside(Path shard) {
    return path.resolve(shard.getFileName() + DAMAGED);
  }

  /** Whether a shard of this name was set aside. */
  boolean isAside(Path shard) {
    return Files.exists(aside(shard));
  }

  private List<Path> files() {
    if (!Files.isDirectory(path)) {
      return List.of();
    }
    List<Path> files = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(path)) {
      entries.forEach(files::add);
    } catch (IOException e) {
      throw new InaccessibleResults(path, "cannot read", e);
    }
    files.sort(null);
    return files;
  }

  private static boolean hasName(Path file, String hash) {
    return file.getFileName().toString().contains(hash.substring(0, 32));
  }

  /** SHA-256 of a shard, which never changes and is read once. */
  String hash(Path shard) {
    return hashes.computeIfAbsent(
        shard,
        file -> {
          try {
            return Sha256.of(file);
          } catch (IOException e) {
            throw new InaccessibleResults(file, "cannot read", e);
          }
        });
  }

  /** Whether a name in a results file can be that of a part: nothing leads out of the folder. */
  static boolean isName(String name) {
    return NAME.matcher(name).matches();
  }

  /** Writes rows. */
  RowFile publish(Rows rows, List<StoredRange> ranges) {
    Path file =
        folder.publish(
            "rows-" + written.getAndIncrement(),
            new Shard("rows-") {
              @Override
              void fill(WritableHdfFile hdf) {
                RowFile.write(hdf, rows, ranges);
              }

              @Override
              void compare(Path file, HdfFile hdf) {
                RowFile.of(file, hdf).verify(rows);
              }
            });
    return readRows(file);
  }

  static RowFile readRows(Path file) {
    return Stored.read(file, Stored.SHARD, hdf -> RowFile.of(file, hdf));
  }

  /** Writes counts. */
  void publish(List<Piece> pieces) {
    folder.publish(
        "counts-" + written.getAndIncrement(),
        new Shard("counts-") {
          @Override
          void fill(WritableHdfFile hdf) {
            Piece.write(hdf, pieces);
          }

          @Override
          void compare(Path file, HdfFile hdf) {
            Piece.verify(file, hdf, pieces);
          }
        });
  }

  static List<Piece> readPieces(Path file) {
    return Stored.read(file, Stored.SHARD, hdf -> Piece.read(file, hdf));
  }

  /** Removes everything but these files, and the folder where it is empty then. */
  void keepOnly(Set<Path> kept) {
    Set<Path> left = new HashSet<>(kept);
    try {
      for (Path file : files()) {
        if (!left.contains(file)) {
          Files.delete(file);
        }
      }
      if (left.isEmpty()) {
        Files.deleteIfExists(path);
      }
    } catch (IOException e) {
      throw new InaccessibleResults(path, "cannot clear away", e);
    }
  }

  Path path() {
    return path;
  }

  /** A shard of either kind. */
  private abstract class Shard implements DurableFolder.Content {
    private final String kind;

    Shard(String kind) {
      this.kind = kind;
    }

    abstract void fill(WritableHdfFile hdf);

    abstract void compare(Path file, HdfFile hdf);

    @Override
    public final void write(Path file) {
      try (WritableHdfFile hdf = HdfFile.write(file)) {
        hdf.putAttribute("format", Stored.SHARD);
        hdf.putAttribute("format_version", Stored.VERSION);
        fill(hdf);
      }
    }

    @Override
    public final void verify(Path file) {
      Stored.read(
          file,
          Stored.SHARD,
          hdf -> {
            compare(file, hdf);
            return file;
          });
    }

    @Override
    public final String name(Path file) throws IOException {
      String hash = Sha256.of(file);
      String name = kind + hash.substring(0, 32) + ".h5";
      hashes.put(path.resolve(name), hash);
      return name;
    }
  }

  private record StudyText(String text) implements DurableFolder.Content {
    @Override
    public void write(Path file) throws IOException {
      Files.writeString(file, text);
    }

    @Override
    public void verify(Path file) throws IOException {
      if (!Files.readString(file).equals(text)) {
        throw new DamagedResults(file, "differs");
      }
    }

    @Override
    public String name(Path file) {
      return STUDY;
    }
  }
}
