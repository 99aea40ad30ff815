/*
 * What a device can do at most: loops that do one thing and nothing else, for benchmarks.
 *
 * Every work-item is on its own; nothing is shared. It goes its rounds, rounds[0] of them, in
 * registers and writes one vector at the end, at kept[item * BASIN_WIDTH]: a reason for the compiler
 * to compute it. The host knows from the rounds how much was done.
 *
 * Needs gaussian.h, and BASIN_GROUP_SIZE, the work-items of a group.
 */

/* Fused multiply-adds that do not wait for each other, and repetitions of a round. */
#define LIMIT_CHAINS 8
#define LIMIT_REPEATS 16

/* Fused multiply-adds and normals of a round, of each of the BASIN_WIDTH restarts of a vector. */
#define LIMIT_ROUND_MULTIPLY_ADDS (LIMIT_CHAINS * LIMIT_REPEATS) /* 128 */
#define LIMIT_ROUND_NORMALS (4 * LIMIT_REPEATS)                  /* 64 */

/* x_i := 0.999 x_i + 0.001 for i = 0 .. LIMIT_CHAINS - 1, LIMIT_REPEATS times a round. */
BASIN_KERNEL BASIN_GROUP_OF(BASIN_GROUP_SIZE) void limit_multiply_adds(
    BASIN_GLOBAL const int *rounds, BASIN_GLOBAL real *kept) {
  const int item = BASIN_GROUP * BASIN_GROUP_SIZE + BASIN_ITEM;
  const int count = rounds[0];
  const reals a = (reals)(BASIN_REAL(0.999));
  const reals b = (reals)(BASIN_REAL(0.001));
  reals x[LIMIT_CHAINS];
  /* All different: the compiler would compute equal ones once. */
  BASIN_UNROLL(LIMIT_CHAINS)
  for (int i = 0; i < LIMIT_CHAINS; i++) {
    x[i] = (reals)((real)(item + i));
  }
  for (int round = 0; round < count; round++) {
    BASIN_UNROLL(LIMIT_REPEATS)
    for (int n = 0; n < LIMIT_REPEATS; n++) {
      BASIN_UNROLL(LIMIT_CHAINS)
      for (int i = 0; i < LIMIT_CHAINS; i++) {
        x[i] = BASIN_FMA(x[i], a, b);
      }
    }
  }
  reals sum = x[0];
  BASIN_UNROLL(LIMIT_CHAINS)
  for (int i = 1; i < LIMIT_CHAINS; i++) {
    sum += x[i];
  }
  BASIN_STORE(sum, kept + item * BASIN_WIDTH);
}

/*
 * sum := n0 n1 + n2 n3 + sum over the blocks of four normals, as training draws them: half an
 * operation a normal for using it. Restart item * BASIN_WIDTH + component is the stream, the round is
 * the step.
 */
BASIN_KERNEL BASIN_GROUP_OF(BASIN_GROUP_SIZE) void limit_normals(
    BASIN_GLOBAL const int *rounds, BASIN_GLOBAL real *kept) {
  const int item = BASIN_GROUP * BASIN_GROUP_SIZE + BASIN_ITEM;
  const int count = rounds[0];
  streams s;
  s.key0 = s.key1 = 0u;
  s.low = BASIN_LANES + (word)(item * BASIN_WIDTH);
  s.high = (words)(0u);
  reals sum = (reals)(BASIN_REAL(0.0));
  for (int round = 0; round < count; round++) {
    /* Not unrolled: one block keeps a device busy, and its code is long. */
    BASIN_UNROLL(1)
    for (int n = 0; n < LIMIT_REPEATS; n++) {
      reals normals[4];
      gaussian_block(s, BASIN_PURPOSE_INPUTS, (words)((word)round), (words)((word)n), normals);
      sum = BASIN_FMA(normals[0], normals[1], BASIN_FMA(normals[2], normals[3], sum));
    }
  }
  BASIN_STORE(sum, kept + item * BASIN_WIDTH);
}
