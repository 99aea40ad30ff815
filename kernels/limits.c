/*
 * What a device can do at most: loops that do one thing and nothing else, for benchmarks.
 *
 * Every work-item is on its own; nothing is shared. It goes its rounds, rounds[0] of them, in
 * registers and writes one vector at the end, at kept[item * BASIN_WIDTH]: a reason for the compiler
 * to compute it. The host knows from the rounds how much was done.
 *
 * Needs gaussian.h; BASIN_GROUP_SIZE, the work-items of a group; BASIN_LIMIT_CHAINS, the fused
 * multiply-adds that do not wait for each other; BASIN_LIMIT_REPEATS, what a round repeats.
 */

/* A round: BASIN_LIMIT_REPEATS times x_i := 0.999 x_i + 0.001 for i = 0 .. BASIN_LIMIT_CHAINS - 1. */
BASIN_KERNEL BASIN_GROUP_OF(BASIN_GROUP_SIZE) void limit_multiply_adds(
    BASIN_GLOBAL const int *rounds, BASIN_GLOBAL real *kept) {
  const int item = BASIN_GROUP * BASIN_GROUP_SIZE + BASIN_ITEM;
  const int count = rounds[0];
  const reals a = (reals)(BASIN_REAL(0.999));
  const reals b = (reals)(BASIN_REAL(0.001));
  reals x[BASIN_LIMIT_CHAINS];
  /* All different: the compiler would compute equal ones once. */
  BASIN_UNROLL(BASIN_LIMIT_CHAINS)
  for (int i = 0; i < BASIN_LIMIT_CHAINS; i++) {
    x[i] = (reals)((real)(item + i));
  }
  for (int round = 0; round < count; round++) {
    BASIN_UNROLL(BASIN_LIMIT_REPEATS)
    for (int n = 0; n < BASIN_LIMIT_REPEATS; n++) {
      BASIN_UNROLL(BASIN_LIMIT_CHAINS)
      for (int i = 0; i < BASIN_LIMIT_CHAINS; i++) {
        x[i] = BASIN_FMA(x[i], a, b);
      }
    }
  }
  reals sum = x[0];
  BASIN_UNROLL(BASIN_LIMIT_CHAINS)
  for (int i = 1; i < BASIN_LIMIT_CHAINS; i++) {
    sum += x[i];
  }
  BASIN_STORE(sum, kept + item * BASIN_WIDTH);
}

/*
 * A round: BASIN_LIMIT_REPEATS times sum := n0 n1 + n2 n3 + sum with the four normals of a block, as
 * training draws them: half an operation a normal for using it. The stream is item * BASIN_WIDTH +
 * component, the step is the round, the lane is the repetition.
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
    for (int n = 0; n < BASIN_LIMIT_REPEATS; n++) {
      reals normals[4];
      gaussian_block(s, BASIN_PURPOSE_INPUTS, (words)((word)round), (words)((word)n), normals);
      sum = BASIN_FMA(normals[0], normals[1], BASIN_FMA(normals[2], normals[3], sum));
    }
  }
  BASIN_STORE(sum, kept + item * BASIN_WIDTH);
}
