/*
 * Numbers of an input by their law, the twin of org.basinsim.data.DrawnInputs: number i of a step is made of lane i
 * div 4. BASIN_INPUT_LAW: 0 normal; 1 correlated: normals, made Z_c = rho Z_{c-1} + sqrt(1 - rho^2) Z_c with rho
 * BASIN_CORRELATION and BASIN_FRESH the root; 2 uniform on [-sqrt(3), sqrt(3)]; 3 a sign.
 *
 * Needs gaussian.h and start.h.
 */
#define INPUT_CORRELATED (BASIN_INPUT_LAW == 1)

#if BASIN_INPUT_LAW < 2

#define INPUT_FOUR gaussian_inputs
#define INPUT_TWO_FOURS gaussian_two_inputs

#else

#define INPUT_FOUR input_four
#define INPUT_TWO_FOURS input_two_fours

BASIN_FUNCTION void input_numbers(const words *block, gaussian_four *four) {
  BASIN_UNROLL(4)
  for (int i = 0; i < 4; i++) {
#if BASIN_INPUT_LAW == 2
    four->z[i] = start_symmetric(block[i]) * BASIN_REAL(1.7320508075688772);
#else
    four->z[i] = elementary_flip((reals)(BASIN_REAL(1.0)), block[i]);
#endif
  }
}

BASIN_CALLED gaussian_four input_four(streams s, words step, words lane) {
  words block[4];
  gaussian_four four;
  philox_block(s, BASIN_PURPOSE_INPUTS, step, lane, block);
  input_numbers(block, &four);
  return four;
}

/* Those of two lanes; see philox_two_blocks. */
BASIN_FUNCTION void input_two_fours(
    streams s, words step, words first_lane, words second_lane, gaussian_four *first, gaussian_four *second) {
  words block[4], other[4];
  philox_two_blocks(s, BASIN_PURPOSE_INPUTS, step, first_lane, second_lane, block, other);
  input_numbers(block, first);
  input_numbers(other, second);
}

#endif

/* Makes `count` normals one correlated sequence. A macro, for numbers of one restart and of all. */
#define INPUT_CORRELATE(type, z, count) \
  for (int c_ = 1; c_ < (count); c_++) { \
    (z)[c_] = (type)(BASIN_CORRELATION) * (z)[c_ - 1] + (type)(BASIN_FRESH) * (z)[c_]; \
  }
