package org.basinsim.backend.gpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.basinsim.model.Precision;
import org.basinsim.random.Polynomial;
import org.basinsim.random.Purpose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The constants that kernel texts begin with, and how a text is put together. */
class KernelConstantsTest {
  private static final Pattern LITERAL = Pattern.compile("\\(reals\\)\\(([^()]*?)(f?)\\)");

  /** The numbers of Polynomial and no others, highest power first, each to the last bit. */
  @ParameterizedTest
  @EnumSource
  void polynomialsKeepEveryBit(Polynomial polynomial) {
    String name = "BASIN_POLYNOMIAL_" + polynomial + "(x)";
    double[] doubles = polynomial.coefficients();
    Matcher found = LITERAL.matcher(KernelConstants.of(Precision.DOUBLE, 1).get(name));
    for (int i = doubles.length - 1; i >= 0; i--) {
      assertTrue(found.find());
      assertEquals("", found.group(2));
      assertEquals(doubles[i], Double.parseDouble(found.group(1)));
    }
    assertFalse(found.find());
    float[] singles = polynomial.singleCoefficients();
    found = LITERAL.matcher(KernelConstants.of(Precision.SINGLE, 1).get(name));
    for (int i = singles.length - 1; i >= 0; i--) {
      assertTrue(found.find());
      assertEquals("f", found.group(2));
      assertEquals(singles[i], Float.parseFloat(found.group(1)));
    }
    assertFalse(found.find());
  }

  @Test
  void literalsReadBackToTheSameBits() {
    SplittableRandom random = new SplittableRandom(3);
    for (int i = 0; i < 10_000; i++) {
      double value = Double.longBitsToDouble(random.nextLong());
      float single = Float.intBitsToFloat(random.nextInt());
      if (Double.isFinite(value)) {
        String literal = KernelConstants.literal(Precision.DOUBLE, value);
        assertEquals(value, Double.parseDouble(literal), literal);
        // Without a point or an exponent it would be an int.
        assertTrue(literal.contains(".") || literal.contains("E"), literal);
      }
      if (Float.isFinite(single)) {
        String literal = KernelConstants.literal(Precision.SINGLE, single);
        assertTrue(literal.endsWith("f"), literal);
        assertEquals(single, Float.parseFloat(literal), literal);
      }
    }
    for (double none : new double[] {Double.NaN, Double.POSITIVE_INFINITY}) {
      assertThrows(
          IllegalArgumentException.class, () -> KernelConstants.literal(Precision.DOUBLE, none));
    }
    assertThrows(
        IllegalArgumentException.class, () -> KernelConstants.literal(Precision.SINGLE, 1e300));
  }

  @Test
  void everyPurposeHasItsCode() {
    Map<String, String> constants = KernelConstants.of(Precision.SINGLE, 16);
    for (Purpose purpose : Purpose.values()) {
      String value = constants.get("BASIN_PURPOSE_" + purpose);
      assertEquals("0x" + Integer.toHexString(purpose.code()) + "u", value);
    }
    assertEquals("16", constants.get("BASIN_WIDTH"));
    assertEquals("0", constants.get("BASIN_DOUBLE"));
  }

  /** The file names compilers see in their messages are those of the folder. */
  @Test
  void aTextIsConstantsThenDialectThenFiles() {
    SequencedMap<String, String> constants = KernelConstants.of(Precision.DOUBLE, 8);
    KernelSource source = KernelSource.of("opencl", constants, List.of("philox.h"), "none");
    List<String> defines =
        source.text().lines().takeWhile(line -> line.startsWith("#define ")).toList();
    assertEquals(constants.size(), defines.size());
    assertTrue(
        defines.stream().anyMatch(line -> line.startsWith("#define BASIN_POLYNOMIAL_LN(x) ")));
    assertEquals(
        List.of("#line 1 \"dialect/opencl.h\"", "#line 1 \"philox.h\""),
        source.text().lines().filter(line -> line.startsWith("#line")).toList());
    assertThrows(
        IllegalArgumentException.class,
        () -> KernelSource.of("opencl", constants, List.of("absent.h"), "none"));
    assertEquals("none", source.entry());
    assertFalse(source.text().contains("#include"));
  }
}
