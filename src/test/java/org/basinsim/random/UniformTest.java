package org.basinsim.random;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class UniformTest {
  @Test
  void isTheCentreOfTheCellThatTheUpperBitsSelect() {
    assertEquals(0x1p-32, Uniform.of(0));
    assertEquals(0x1p-32, Uniform.of(1));
    assertEquals(0.5 - 0x1p-32, Uniform.of(0x7fffffff));
    assertEquals(0.5 + 0x1p-32, Uniform.of(0x80000000));
    assertEquals(1 - 0x1p-32, Uniform.of(-1));
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < 10_000; i++) {
      int word = random.nextInt();
      assertEquals(((word >>> 1) + 0.5) * 0x1p-31, Uniform.of(word));
    }
  }
}
