package org.basinsim.results;

import io.jhdf.HdfFile;
import io.jhdf.api.Group;
import io.jhdf.api.WritableGroup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.basinsim.results.RowFile.Located;

/**
 * Rows that stay in {@code FILE.h5.parts/}, cut at fixed row numbers: table {@code /parts}. What a
 * part holds depends on the study alone; a shard that is just that serves as it is.
 */
record PartTables(List<Part> list, Optional<Minima> minima) implements Tables {
  private static final String GROUP = "parts";

  /**
   * One part.
   *
   * @param first number of its first row among all rows, from 0
   * @param last number of its last row
   * @param sha256 of the file
   */
  record Part(Path file, long first, long last, String sha256) {

    /** Opens the part, whose content must be that of its hash. */
    RowFile open() {
      if (!Files.exists(file)) {
        throw new DamagedResults(file, "this part of the results is missing");
      }
      try {
        if (!Sha256.of(file).equals(sha256)) {
          throw new DamagedResults(file, "altered: its content is not that of its SHA-256");
        }
      } catch (IOException e) {
        throw new InaccessibleResults(file, "cannot read", e);
      }
      return Shards.readRows(file);
    }
  }

  static PartTables publish(
      Union union,
      Layout layout,
      Limits limits,
      Shards shards,
      List<RowFile> reusable,
      Optional<Minima> minima) {
    Map<List<StoredRange>, RowFile> ready =
        reusable.stream()
            .filter(shard -> shard.layout().sameForm(layout))
            .collect(Collectors.toMap(RowFile::ranges, Function.identity(), (a, b) -> a));
    List<Part> parts = new ArrayList<>();
    long first = 0;
    for (List<Located> block : union.blocks(limits.blockRows(layout))) {
      List<StoredRange> ranges = Union.joined(block);
      RowFile shard = ready.get(ranges);
      if (shard == null) {
        Rows rows = Union.assemble(layout, block);
        minima.ifPresent(found -> found.label(rows));
        shard = shards.publish(rows, ranges);
      }
      long end = first + StoredRange.restarts(ranges);
      parts.add(new Part(shard.path(), first, end - 1, shards.hash(shard.path())));
      first = end;
    }
    return new PartTables(parts, minima);
  }

  @Override
  public void write(WritableGroup file) {
    TableWriter table = new TableWriter(file, GROUP, "part");
    table.putTexts(
        "file",
        list.stream().map(part -> part.file.getFileName().toString()).toList(),
        "name of the part in the folder named as this file with .parts added");
    table.putLongs(
        "first", list.stream().map(Part::first).toList(), "1", "number of its first row");
    table.putLongs("last", list.stream().map(Part::last).toList(), "1", "number of its last row");
    table.putTexts("sha256", list.stream().map(Part::sha256).toList(), "SHA-256 of the part");
    minima.ifPresent(found -> found.write(file));
  }

  static boolean areIn(Group root) {
    return TableReader.exists(root, GROUP);
  }

  /** Reads the list. */
  static PartTables read(Path file, Group root) {
    TableReader table = TableReader.of(file, root, GROUP);
    String[] names = table.texts("file");
    long[] firsts = table.longs("first");
    long[] lasts = table.longs("last");
    String[] hashes = table.texts("sha256");
    List<Part> parts = new ArrayList<>();
    for (int i = 0; i < names.length; i++) {
      if (!Shards.isName(names[i])) {
        throw new DamagedResults(file, "'" + names[i] + "' cannot be the name of a part");
      }
      Path part = Shards.folder(file).resolve(names[i]);
      parts.add(new Part(part, firsts[i], lasts[i], hashes[i]));
    }
    return new PartTables(parts, Optional.empty());
  }

  @Override
  public void verify(Path path, HdfFile file) {
    // The temporary file has another folder of parts by name; everything else is compared.
    List<Part> written =
        read(path, file).list.stream()
            .map(p -> new Part(p.file.getFileName(), p.first, p.last, p.sha256))
            .toList();
    List<Part> meant =
        list.stream().map(p -> new Part(p.file.getFileName(), p.first, p.last, p.sha256)).toList();
    if (!written.equals(meant)) {
      throw new DamagedResults(path, "other parts than written");
    }
    minima.ifPresent(found -> found.verify(path, file));
  }

  @Override
  public Set<Path> parts() {
    return list.stream().map(Part::file).collect(Collectors.toSet());
  }
}
