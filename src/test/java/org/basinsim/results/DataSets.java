package org.basinsim.results;

import io.jhdf.HdfFile;
import io.jhdf.api.Dataset;
import io.jhdf.api.Group;
import io.jhdf.api.Node;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;

/** Every data set of a results file and of its parts, byte for byte. */
public final class DataSets {
  private DataSets() {}

  public static Map<String, String> of(Path file) throws IOException {
    Map<String, String> content = new TreeMap<>();
    try (HdfFile hdf = new HdfFile(file)) {
      collect(hdf, content);
    }
    if (Files.isDirectory(Shards.folder(file))) {
      try (DirectoryStream<Path> parts = Files.newDirectoryStream(Shards.folder(file))) {
        for (Path part : parts) {
          content.put(part.getFileName().toString(), Sha256.of(part));
        }
      }
    }
    return content;
  }

  private static void collect(Group group, Map<String, String> content) {
    for (Node node : group) {
      if (node instanceof Group inner) {
        collect(inner, content);
      } else if (node instanceof Dataset dataset) {
        byte[] bytes = new byte[(int) dataset.getSizeInBytes()];
        ByteBuffer buffer = ((io.jhdf.api.dataset.ContiguousDataset) dataset).getBuffer();
        buffer.get(bytes);
        content.put(node.getPath(), HexFormat.of().formatHex(bytes));
      }
    }
  }
}
