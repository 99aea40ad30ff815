package org.basinsim.backend.gpu;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.basinsim.backend.Limits;
import org.basinsim.backend.gpu.GpuDescription.Kind;
import org.basinsim.model.Precision;

/** The loops of {@code kernels/limits.c} on a whole device. */
final class GpuLimits implements Limits {
  /** Launches are made this long, so that starting one costs next to nothing. */
  private static final double LAUNCH_SECONDS = 0.1;

  private static final int GROUP = 256;
  private static final int GROUPS_PER_UNIT = 16;

  /** LIMIT_ROUND_MULTIPLY_ADDS and LIMIT_ROUND_NORMALS of the text. */
  private static final int MULTIPLY_ADDS = 128;

  private static final int NORMALS = 64;
  private static final int MOST_ROUNDS = 1 << 28;

  private final GpuSession session;
  private final GpuDevice device;
  private final Map<KernelSource, GpuKernel> kernels = new HashMap<>();

  GpuLimits(GpuSession session) {
    this.session = session;
    this.device = session.device();
  }

  @Override
  public long multiplyAdds(Precision precision, double seconds) {
    return session.ask(() -> repeat("limit_multiply_adds", precision, seconds)) * MULTIPLY_ADDS;
  }

  @Override
  public long normals(Precision precision, double seconds) {
    return session.ask(() -> repeat("limit_normals", precision, seconds)) * NORMALS;
  }

  /** Rounds of all restarts of all work-items together. */
  private long repeat(String entry, Precision precision, double seconds) {
    GpuDescription description = device.describe();
    boolean cpu = description.kind() == Kind.CPU;
    int width = cpu ? description.vectorWidth(precision) : 1;
    int group = cpu ? 1 : Math.min(GROUP, description.largestGroup());
    int groups = description.units() * (cpu ? 1 : GROUPS_PER_UNIT);
    SequencedMap<String, String> constants =
        new LinkedHashMap<>(KernelConstants.of(precision, width));
    constants.put("BASIN_GROUP_SIZE", Integer.toString(group));
    KernelSource source =
        KernelSource.of(
            description.dialect(),
            constants,
            List.of("elementary.h", "philox.h", "gaussian.h", "limits.c"),
            entry);
    GpuKernel kernel = kernels.computeIfAbsent(source, device::compile);
    long lanes = (long) groups * group * width;
    long done = 0;
    int rounds = 64;
    long end = System.nanoTime() + (long) (seconds * 1e9);
    try (NativeNumbers asked = NativeNumbers.ofInts(1);
        NativeNumbers kept = NativeNumbers.ofReals(precision, 1);
        GpuBuffer roundsBuffer = device.allocate(asked.segment().byteSize());
        GpuBuffer keptBuffer = device.allocate(Double.BYTES * lanes)) {
      do {
        asked.clear();
        asked.add(rounds);
        device.upload(roundsBuffer, asked.segment());
        long start = System.nanoTime();
        device.launch(kernel, groups, group, List.of(roundsBuffer, keptBuffer));
        device.download(keptBuffer, kept.segment());
        double took = (System.nanoTime() - start) * 1e-9;
        done += rounds * lanes;
        double factor = Math.clamp(LAUNCH_SECONDS / took, 0.5, 8);
        rounds = (int) Math.clamp(rounds * factor, 1, MOST_ROUNDS);
      } while (System.nanoTime() < end);
    }
    return done;
  }

  @Override
  public void close() {
    // Whatever is left goes with the device.
    if (!session.lost()) {
      kernels.values().forEach(GpuKernel::close);
    }
  }
}
