/*
 * Elementary functions, the twin of org.basinsim.random.Elementary: polynomials, add, multiply,
 * fused multiply-add, divide and bit operations, in its order, so that the bits are the same. The
 * bounds of the errors are stated and tested there.
 *
 * Selections have no branch: components of a vector take different sides. Needs the constants of
 * KernelConstants: a real is a sign, an exponent plus BASIN_EXPONENT_BIAS, and
 * BASIN_FRACTION_BITS bits of fraction.
 */

/* The bits of 1. */
#define BASIN_BITS_OF_ONE ((bits)BASIN_EXPONENT_BIAS << BASIN_FRACTION_BITS)

/* The bits of 2^BASIN_FRACTION_BITS: set above a small integer they make this power plus it. */
#define BASIN_BITS_OF_LIFT \
  ((bits)(BASIN_EXPONENT_BIAS + BASIN_FRACTION_BITS) << BASIN_FRACTION_BITS)

/* x, its sign changed where the highest bit of w is set. */
BASIN_FUNCTION reals elementary_flip(reals x, words w) {
  return BASIN_AS_REALS(BASIN_AS_BITS(x) ^ BASIN_WIDEN(w & 0x80000000u) << BASIN_SIGN_SHIFT);
}

/* ln(whole + part), whole 0 or 1: with 1 it keeps its relative accuracy as the part goes to 0. */
BASIN_FUNCTION reals elementary_ln_of_sum(reals whole, reals part) {
  bits biased = (BASIN_AS_BITS(whole + part) + BASIN_TO_ROOT_HALF) >> BASIN_FRACTION_BITS;
  reals exponent = BASIN_AS_REALS(biased | BASIN_BITS_OF_LIFT) - BASIN_LIFTED_BIAS;
  reals scale = BASIN_AS_REALS((2 * BASIN_EXPONENT_BIAS - biased) << BASIN_FRACTION_BITS);
  reals f = BASIN_FMA(part, scale, BASIN_FMA(whole, scale, (reals)(BASIN_REAL(-1.0))));
  return BASIN_FMA(exponent, BASIN_LN_2, BASIN_FMA(f * f, BASIN_POLYNOMIAL_LN(f), f));
}

/* ln x for normal x, 0 < x < 2^1023 (single: 2^127). */
BASIN_FUNCTION reals elementary_ln(reals x) {
  return elementary_ln_of_sum((reals)(BASIN_REAL(0.0)), x);
}

/*
 * Cosine and sine of w 2^-32 of a turn. The nearest quarter turn, the two highest bits of
 * `nearest`, is taken off in integers; what is left is h half turns, |h| <= 1/4. Quarter 1 and 3
 * swap sine and cosine, 2 and 3 change the sine's sign, 1 and 2 the cosine's.
 */
BASIN_FUNCTION void elementary_turn(words w, reals *cosine, reals *sine) {
  words nearest = w + 0x20000000u;
  words rest = w - (nearest & 0xc0000000u);
  reals h = BASIN_TO_REALS(BASIN_TO_SIGNED(rest)) * BASIN_REAL(4.656612873077392578125e-10);
  reals z = h * h;
  reals s = h * BASIN_POLYNOMIAL_SINE(z);
  reals c = BASIN_FMA(z, BASIN_POLYNOMIAL_COSINE(z), (reals)(BASIN_REAL(1.0)));
  bits odd = BASIN_WIDEN(nearest & 0x40000000u);
  *sine = elementary_flip(odd == 0 ? s : c, nearest);
  *cosine = elementary_flip(odd == 0 ? c : s, nearest + 0x40000000u);
}

/* The angle of the point (x, y), y >= 0, in [0, pi]; 0 at the origin. */
BASIN_FUNCTION reals elementary_atan2(reals y, reals x) {
  reals side = BASIN_ABS(x);
  reals larger = y > side ? y : side;
  reals smaller = y > side ? side : y;
  reals t = smaller / (larger == BASIN_REAL(0.0) ? (reals)(BASIN_REAL(1.0)) : larger);
  reals z = t * t;
  reals angle = BASIN_FMA(t * z, BASIN_POLYNOMIAL_ARCTANGENT(z), t);
  reals upright = y > side ? BASIN_PI / 2 - angle : angle;
  return x < BASIN_REAL(0.0) ? BASIN_PI - upright : upright;
}

/* e^x - 1 for x <= 0. */
BASIN_FUNCTION reals elementary_expm1(reals x) {
  reals bounded = x < BASIN_EXPM1_FLOOR ? BASIN_EXPM1_FLOOR : x;
  reals rounded = BASIN_FMA(bounded, BASIN_PER_LN_2, BASIN_ROUNDER);
  reals scale =
      BASIN_AS_REALS((BASIN_AS_BITS(rounded) + BASIN_EXPONENT_BIAS) << BASIN_FRACTION_BITS);
  reals r = BASIN_FMA(rounded - BASIN_ROUNDER, -BASIN_LN_2, bounded);
  reals value = BASIN_FMA(r * r, BASIN_POLYNOMIAL_EXPM1(r), r);
  return BASIN_FMA(scale, value, scale - BASIN_REAL(1.0));
}
