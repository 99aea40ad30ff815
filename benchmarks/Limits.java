package org.basinsim.backend.cpu;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import org.basinsim.random.Purpose;

/** What one core can do at most, measured by loops that do nothing else. */
final class Limits {
  private static final int ROUNDS = 150_000_000;
  private static final int NORMALS = 1 << 12;
  private static final int FILLS = 80_000;

  private static float kept;

  private Limits() {}

  /** Flops a second in single precision: fused multiply-adds, twelve in flight, two flops each. */
  static double flops() {
    double begin = processorSeconds();
    kept += multiplyAdd(ROUNDS);
    double seconds = processorSeconds() - begin;
    return 2.0 * 12 * FloatLanes.LENGTH * ROUNDS / seconds;
  }

  private static float multiplyAdd(int rounds) {
    FloatVector x = FloatVector.broadcast(FloatLanes.SPECIES, 0.999f);
    FloatVector y = FloatVector.broadcast(FloatLanes.SPECIES, 1e-3f);
    // All different: the compiler would compute equal sums once.
    FloatVector a = y;
    FloatVector b = a.add(y);
    FloatVector c = b.add(y);
    FloatVector d = c.add(y);
    FloatVector e = d.add(y);
    FloatVector f = e.add(y);
    FloatVector g = f.add(y);
    FloatVector h = g.add(y);
    FloatVector i = h.add(y);
    FloatVector j = i.add(y);
    FloatVector k = j.add(y);
    FloatVector l = k.add(y);
    for (int n = 0; n < rounds; n++) {
      a = a.fma(x, y);
      b = b.fma(x, y);
      c = c.fma(x, y);
      d = d.fma(x, y);
      e = e.fma(x, y);
      f = f.fma(x, y);
      g = g.fma(x, y);
      h = h.fma(x, y);
      i = i.fma(x, y);
      j = j.fma(x, y);
      k = k.fma(x, y);
      l = l.fma(x, y);
    }
    FloatVector sum = a.add(b).add(c).add(d).add(e).add(f);
    return sum.add(g).add(h).add(i).add(j).add(k).add(l).reduceLanes(VectorOperators.ADD);
  }

  /** Standard normals a second in single precision, each lane its own stream, into the cache. */
  static double normals() {
    float[] target = new float[NORMALS * FloatLanes.LENGTH];
    int[] stream = new int[FloatLanes.LENGTH];
    int[] step = new int[FloatLanes.LENGTH];
    int fills = FILLS / FloatLanes.LENGTH;
    double begin = processorSeconds();
    for (int n = 0; n < fills; n++) {
      FloatDraws.normalsPerLane(target, 0, NORMALS / 4, n, stream, stream, Purpose.INPUTS, step, 0);
      kept += target[n];
    }
    double seconds = processorSeconds() - begin;
    return (double) fills * target.length / seconds;
  }

  /** Processor time of this process: a machine that others use too distorts it little. */
  static double processorSeconds() {
    return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
            .getProcessCpuTime()
        * 1e-9;
  }

  /** The sum of everything computed: a reason for the compiler to compute it. */
  static float kept() {
    return kept;
  }
}
