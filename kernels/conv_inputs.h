/*
 * Inputs of a direct step. Coordinate c of patch j of input b is number b d + j stride + c of its stream or of its data
 * set: d = BASIN_D, without overlap k p.
 *
 * BASIN_SOURCE 0: every restart draws its own, a patch at a time, or an input where patches overlap. 1: a team draws
 * those of a chunk of inputs to `stage`. 2: a team copies a chunk of its data set there, or, where BASIN_STAGE is 0,
 * reads it where it lies.
 */
#define CONV_OWN 0
#define CONV_STREAM 1
#define CONV_DATA 2

#if BASIN_SOURCE == CONV_OWN && BASIN_VECTORS > 1
#error "restarts of one vector draw their own inputs"
#endif
#if BASIN_SOURCE != CONV_OWN && BASIN_TEAM > 1 && !BASIN_STAGE
#error "a team has its inputs in shared memory"
#endif

/* Numbers that a restart draws at a time, and of a correlated sequence. Where patches begin: row b k + j is patch j. */
#if BASIN_OVERLAPS
#define CONV_RUN BASIN_D
#define CONV_PATCH(b, j) ((b) * BASIN_D + (j) * BASIN_STRIDE)
#define CONV_PATCH_OF(row) ((row) * BASIN_STRIDE + (row) / BASIN_K * (BASIN_D - BASIN_K * BASIN_STRIDE))
#define CONV_WEIGHT_OF(row) 0 /* patches overlap with average output alone, whose weights are alike */
#else
#define CONV_RUN BASIN_P
#define CONV_PATCH(b, j) (((b) * BASIN_K + (j)) * BASIN_P)
#define CONV_PATCH_OF(row) ((row) * BASIN_P)
#define CONV_WEIGHT_OF(row) ((row) % BASIN_K)
#endif

/* Numbers of a chunk, those that an item draws at once, and room for whole draws. */
#define CONV_CHUNK (BASIN_CHUNK * BASIN_D)
#if BASIN_WIDTH > 1
#define CONV_DRAW (8 * BASIN_WIDTH)
#else
#define CONV_DRAW 4
#endif
#define CONV_ROOM ((CONV_CHUNK + CONV_DRAW - 1) / CONV_DRAW * CONV_DRAW)

#if BASIN_SOURCE == CONV_OWN

/* The numbers of run `run` of a step, which may begin and end within a block of four. */
BASIN_FUNCTION void conv_draw_run(streams s, words step, word run, reals *z) {
#if CONV_RUN % 4 == 0
  word block = run * (CONV_RUN / 4);
  BASIN_UNROLL(CONV_UNROLL_INPUT)
  for (int c = 0; c < CONV_RUN; c += 4) {
    gaussian_four four = INPUT_FOUR(s, step, (words)(block + (word)(c / 4)));
    BASIN_UNROLL(4)
    for (int q = 0; q < 4; q++) {
      z[c + q] = four.z[q];
    }
  }
#else
  wide first = (wide)run * CONV_RUN;
  word block = (word)(first / 4);
  BASIN_UNROLL(1)
  for (int next = -(int)(first % 4); next < CONV_RUN; next += 4) {
    gaussian_four four = INPUT_FOUR(s, step, (words)(block++));
    BASIN_UNROLL(4)
    for (int q = 0; q < 4; q++) {
      int c = next + q;
      if (c >= 0 && c < CONV_RUN) {
        z[c] = four.z[q];
      }
    }
  }
#endif
#if INPUT_CORRELATED
  BASIN_UNROLL(CONV_UNROLL_INPUT)
  INPUT_CORRELATE(reals, z, CONV_RUN)
#endif
}

#elif BASIN_STAGE

/* Draws the first `numbers` numbers of the inputs from `first` on, with which a chunk begins. */
BASIN_FUNCTION void conv_draw_chunk(
    streams s, words step, int first, int numbers, TEAM_POINTER real *stage) {
  /* Numbers of a step need more than 32 bits, their blocks do not; every chunk but the last is whole blocks. */
  word before = (word)(first / BASIN_CHUNK) * (CONV_CHUNK / 4);
  BASIN_UNROLL(1)
  for (int at = TEAM_ITEM * CONV_DRAW; at < numbers; at += BASIN_TEAM * CONV_DRAW) {
    words lane = (words)(before + (word)(at / 4)) + BASIN_LANES;
#if BASIN_WIDTH > 1
    gaussian_four first, second;
    INPUT_TWO_FOURS(s, step, lane, lane + BASIN_WIDTH, &first, &second);
    BASIN_STORE_FOURS(first.z, stage + at);
    BASIN_STORE_FOURS(second.z, stage + at + CONV_DRAW / 2);
#else
    gaussian_four four = INPUT_FOUR(s, step, lane);
    BASIN_STORE_FOURS(four.z, stage + at);
#endif
  }
#if INPUT_CORRELATED
  TEAM_BARRIER();
  BASIN_UNROLL(1)
  for (int at = TEAM_ITEM * CONV_RUN; at < numbers; at += BASIN_TEAM * CONV_RUN) {
    BASIN_UNROLL(1)
    INPUT_CORRELATE(real, stage + at, CONV_RUN)
  }
#endif
}

BASIN_FUNCTION void conv_copy_chunk(
    BASIN_GLOBAL const real *from, int numbers, TEAM_POINTER real *stage) {
  BASIN_UNROLL(1)
  for (int n = TEAM_ITEM; n < numbers; n += BASIN_TEAM) {
    stage[n] = from[n];
  }
}

#endif

/*
 * Sums over the batch: r pull into filter_gradient, r hidden into output_gradient, r^2 into squares. `labels` and
 * the passes of conv_direct.h in the order of inputs and patches, whatever the source.
 */
BASIN_FUNCTION void conv_gather(
    const work_lanes *lanes, work own, BASIN_GLOBAL const int *cell, BASIN_GLOBAL const real *teacher,
    word team_step, const reals *v, const reals *per_norm, real slope, BASIN_OUTPUT_SPACE const reals *a,
    BASIN_OUTPUT_SPACE reals *hidden, reals *filter_gradient,
    BASIN_OUTPUT_SPACE reals *output_gradient, reals *squares, int zero
#if BASIN_SOURCE != CONV_OWN
    , TEAM_POINTER real *seen
#endif
#if BASIN_STAGE
    , TEAM_POINTER real *stage
#endif
#if BASIN_SOURCE == CONV_DATA
    , BASIN_GLOBAL const real *data
#endif
    ) {
  const int batch = cell[CONV_BATCH];
  BASIN_GLOBAL const real *filter = CONV_FILTER(teacher, BASIN_P);
  BASIN_GLOBAL const real *weights = CONV_OUTPUT(teacher, BASIN_P);
#if BASIN_TWO_PASSES
  reals back[BASIN_K * WORK_VECTORS];
#else
  reals pull[BASIN_P * WORK_VECTORS];
#endif
  BASIN_UNROLL(BASIN_UNROLL_FILTER)
  for (int n = 0; n < BASIN_P; n++) {
    BASIN_UNROLL(WORK_VECTORS)
    for (int i = 0; i < WORK_VECTORS; i++) {
      filter_gradient[n * WORK_VECTORS + i] = 0;
#if !BASIN_TWO_PASSES
      pull[n * WORK_VECTORS + i] = 0;
#endif
    }
  }
  BASIN_UNROLL(BASIN_UNROLL_OUTPUT)
  for (int j = 0; j < BASIN_K; j++) {
    BASIN_UNROLL(WORK_VECTORS)
    for (int i = 0; i < WORK_VECTORS; i++) {
      output_gradient[j * BASIN_OUTPUT_STRIDE + i] = 0;
    }
  }
  BASIN_UNROLL(WORK_VECTORS)
  for (int i = 0; i < WORK_VECTORS; i++) {
    squares[i] = 0;
  }
  words index;
#if BASIN_SOURCE == CONV_OWN
  streams inputs = conv_streams(own, lanes, 0, cell, cell[CONV_SHARE], &index);
  words step = BASIN_NARROW(lanes->step[0]);
#if BASIN_OVERLAPS
  reals drawn[BASIN_D];
#else
  reals drawn[BASIN_PATCHES * BASIN_P];
#endif
#elif BASIN_SOURCE == CONV_STREAM
  /* All restarts of a tile share the stream of its first. */
  wide stream = work_restart(own, 0) / (wide)cell[CONV_SHARE];
  streams inputs;
  inputs.key0 = (word)cell[CONV_KEY_LOW];
  inputs.key1 = (word)cell[CONV_KEY_HIGH];
  inputs.low = (words)((word)stream);
  inputs.high = (words)((word)(stream >> 32));
#else
  wide set = work_restart(own, 0) % (wide)cell[CONV_DATA_SETS];
  data += ((wide)(word)cell[CONV_DATA_HIGH] << 32 | (word)cell[CONV_DATA_LOW])
      + set * (wide)batch * BASIN_D;
#endif

  BASIN_UNROLL(1)
  for (int first = 0; first < batch; first += BASIN_CHUNK) {
    const int count = batch - first < BASIN_CHUNK ? batch - first : BASIN_CHUNK;
#if BASIN_SOURCE != CONV_OWN
#if BASIN_STAGE
    TEAM_BARRIER();
#if BASIN_SOURCE == CONV_STREAM
    conv_draw_chunk(inputs, (words)(team_step), first, count * BASIN_D, stage);
#else
    conv_copy_chunk(data + (wide)first * BASIN_D, count * BASIN_D, stage);
#endif
    TEAM_BARRIER();
    TEAM_POINTER const real *chunk = stage;
#else
    BASIN_GLOBAL const real *chunk = data + (wide)first * BASIN_D;
#endif
    BASIN_UNROLL(1)
    for (int row = TEAM_ITEM; row < count * BASIN_K; row += BASIN_TEAM) {
      CONV_SEEN(real, along, chunk + CONV_PATCH_OF(row), filter);
      /* The product last: a CPU would guess half of the branches around it wrong. */
      seen[row] = (along > 0 ? along : CONV_BELOW(real, along, slope)) * weights[CONV_WEIGHT_OF(row)];
    }
    TEAM_BARRIER();
#endif
    BASIN_UNROLL(1)
    for (int b = 0; b < count; b++) {
      reals output[WORK_VECTORS];
      BASIN_UNROLL(WORK_VECTORS)
      for (int i = 0; i < WORK_VECTORS; i++) {
        output[i] = 0;
      }
      BASIN_INPUT label = 0;
#if BASIN_SOURCE == CONV_OWN && BASIN_OVERLAPS
      conv_draw_run(inputs, step, (word)(first + b), drawn);
#endif
      BASIN_UNROLL(((BASIN_UNROLL_OUTPUT + BASIN_PATCHES - 1) / BASIN_PATCHES))
      for (int j = 0; j < BASIN_K; j += BASIN_PATCHES) {
#if BASIN_SOURCE == CONV_OWN
#if BASIN_OVERLAPS
        const reals *z = CONV_ANEW(drawn + j * BASIN_STRIDE, zero);
#else
        const reals *z = CONV_ANEW(drawn, zero);
#endif
#else
        BASIN_INPUT_SPACE const real *z = chunk + CONV_PATCH(b, j);
#endif
        BASIN_UNROLL(BASIN_PATCHES)
        for (int n = 0; n < BASIN_PATCHES; n++) {
#if BASIN_SOURCE == CONV_OWN
#if !BASIN_OVERLAPS
          conv_draw_run(inputs, step, (word)(first + b) * BASIN_K + (word)(j + n), drawn + n * BASIN_P);
#endif
          CONV_SEEN(reals, along, z + n * BASIN_STRIDE, filter);
          reals patch = along > 0 ? along * weights[j + n] : CONV_BELOW(reals, along * weights[j + n], slope);
#else
          real patch = seen[b * BASIN_K + j + n];
#endif
          label = label + patch;
        }
#if BASIN_TWO_PASSES
        conv_forward(z, v, per_norm, slope, a + j * BASIN_OUTPUT_STRIDE, hidden + j * BASIN_OUTPUT_STRIDE,
            output, back + j * WORK_VECTORS);
      }
      conv_residual(output, label, hidden, chunk + b * BASIN_D, back, filter_gradient,
          output_gradient, squares);
#else
        conv_patches(z, v, per_norm, slope, a + j * BASIN_OUTPUT_STRIDE, hidden + j * BASIN_OUTPUT_STRIDE,
            output, pull, zero);
      }
      conv_residual(output, label, hidden, pull, filter_gradient, output_gradient, squares);
#endif
    }
  }
}
