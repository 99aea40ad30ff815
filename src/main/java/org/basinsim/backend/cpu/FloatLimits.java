package org.basinsim.backend.cpu;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import org.basinsim.random.Purpose;

/** What one core can do at most: loops that do nothing else. */
final class FloatLimits {
  /** Rounds between two looks at the clock: well below a millisecond. */
  private static final int ROUNDS = 1 << 16;

  /** Blocks of four normals in every lane between two looks: they stay in the first cache. */
  private static final int BLOCKS = 128;

  /** What everything came to: a reason for the compiler to compute it. */
  private static volatile float kept;

  private FloatLimits() {}

  /** Fused multiply-adds, twelve vectors in flight, until {@code System.nanoTime()} is there. */
  static long multiplyAdds(long deadline) {
    long rounds = 0;
    float sum = 0;
    do {
      sum += multiplyAdd(ROUNDS);
      rounds += ROUNDS;
    } while (System.nanoTime() < deadline);
    kept = sum;
    return rounds * 12 * FloatLanes.LENGTH;
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

  /** Standard normals, each lane its own stream, into the cache, until the clock is there. */
  static long normals(long deadline) {
    float[] target = new float[BLOCKS * FloatLanes.BLOCK];
    int[] streams = new int[FloatLanes.LENGTH];
    int[] steps = new int[FloatLanes.LENGTH];
    long fills = 0;
    float sum = 0;
    do {
      for (int n = 0; n < 8; n++, fills++) {
        FloatDraws.normalsPerLane(
            target, 0, BLOCKS, fills, streams, streams, Purpose.INPUTS, steps, 0);
        sum += target[n];
      }
    } while (System.nanoTime() < deadline);
    kept = sum;
    return fills * target.length;
  }
}
