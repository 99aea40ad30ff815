/*
 * Online descent on what student and teacher see of the inputs: see conv_project in conv_projected.h.
 *
 * Who owns a restart: a lane of a work-item; it draws its own normals. Work-items look for new work before
 * every step, which is long.
 *
 * Memory: x, y and k output weights a restart in registers, or the weights, their gradient and an input's
 * activations striped by work-item in shared memory (BASIN_OUTPUT_SHARED); between launches
 * kept_reals[i * items + item], i = (2 + k) * restart of the work-item + coordinate.
 */
BASIN_KERNEL BASIN_GROUPS_OF(BASIN_GROUP_SIZE, BASIN_RESIDENT) void train_projected(
    BASIN_GLOBAL int *control, BASIN_GLOBAL const int *table, BASIN_GLOBAL const int *cell_ints,
    BASIN_GLOBAL const real *cell_reals, BASIN_GLOBAL int *kept_ints, BASIN_GLOBAL real *kept_reals,
    BASIN_GLOBAL int *record_ints, BASIN_GLOBAL real *record_reals, BASIN_GLOBAL real *samples,
    BASIN_GLOBAL const int *sampled, BASIN_GLOBAL const real *vectors, BASIN_GLOBAL const real *unused) {
  const int item = BASIN_GROUP * BASIN_GROUP_SIZE + BASIN_ITEM;
  const wide items = (wide)BASIN_GROUPS * BASIN_GROUP_SIZE;
  const int iterations = control[WORK_ITERATIONS];
  const int zero = control[WORK_ZERO];
  CONV_OUTPUT_ROOM(weights_of_group)
  CONV_OUTPUT_ROOM(gradients_of_group)
  CONV_OUTPUT_ROOM(hidden_of_group)
  CONV_OUTPUT_ARRAY(a, weights_of_group);
  work own;
  work_lanes lanes;
  conv_state s;
  work_resume(&own, &lanes, kept_ints, item, items);
  streams inputs;
  words index;
  BASIN_UNROLL(1)
  for (int l = 0; l < BASIN_WIDTH; l++) {
    BASIN_GLOBAL const real *from = kept_reals + (2 + BASIN_K) * l * items + item;
    WORK_REAL(&s.x, l) = from[0];
    WORK_REAL(&s.y, l) = from[items];
    BASIN_UNROLL(BASIN_UNROLL_OUTPUT)
    for (int j = 0; j < BASIN_K; j++) {
      CONV_WEIGHT(a, j, l) = from[(2 + j) * items];
    }
  }
  s.mean = s.contrast = s.rest = 0;
  int more = 1;

  for (int n = 0; n < iterations; n++) {
    if (BASIN_ANY(lanes.active[0] == 0)) {
      if (own.next == own.end && more && !work_any_active(&lanes)) {
        more = work_take(&own, control, table);
      }
      if (own.next < own.end) {
        BASIN_GLOBAL const int *cell = cell_ints + own.cell * CONV_INTS;
        BASIN_GLOBAL const real *teacher = vectors + cell[CONV_VECTORS];
        const conv_cell c = conv_read(cell_reals, own.cell);
        integers idle = lanes.active[0] == 0;
        integers fresh = 0;
        BASIN_UNROLL(1)
        for (int l = 0; l < BASIN_WIDTH; l++) {
          if (WORK_LANE(&idle, l) && own.next < own.end) {
            work_start_lane(&lanes, l, own.next++);
            WORK_LANE(&fresh, l) = -1;
          }
        }
        int p = cell[CONV_PATCH_SIZE];
        streams of_start = conv_streams(own, &lanes, 0, cell, CONV_START_SHARE, &index);
        conv_state start = conv_start(
            of_start, index, p, cell[CONV_PATCHES], c.start_radius, CONV_UNIT_FILTER(teacher));
        s.x = fresh ? start.x : s.x;
        s.y = fresh ? start.y : s.y;
#if BASIN_LEARNED
        reals start_output[BASIN_K];
        conv_start_output(of_start, index, BASIN_K, start, CONV_MEAN_AXIS(teacher, p),
            CONV_CONTRAST_AXIS(teacher, p), start_output);
#endif
        BASIN_UNROLL(BASIN_UNROLL_OUTPUT)
        for (int j = 0; j < BASIN_K; j++) {
#if BASIN_LEARNED
          reals weight = start_output[j + zero];
#else
          reals weight = CONV_OUTPUT(teacher, p)[j];
#endif
          a[j * BASIN_OUTPUT_STRIDE] = fresh ? weight : a[j * BASIN_OUTPUT_STRIDE];
        }
      }
      if (!work_any_active(&lanes)) {
        break;
      }
    }
    BASIN_GLOBAL const int *cell = cell_ints + own.cell * CONV_INTS;
    BASIN_GLOBAL const real *teacher = vectors + cell[CONV_VECTORS];
    int p = cell[CONV_PATCH_SIZE];
    int batch = cell[CONV_BATCH];
    const conv_cell c = conv_read(cell_reals, own.cell);
    conv_geometry m = conv_measure(s.x, s.y, c);
    conv_along_axes(&s, a, CONV_MEAN_AXIS(teacher, p), CONV_CONTRAST_AXIS(teacher, p), zero);
    reals loss = conv_population_loss(s, m, c);
    conv_settle(&lanes, 0, s, m, c, loss, conv_end(s, m, c), cell[CONV_MAX_STEPS], control, sampled, samples, item);
    if (BASIN_ANY(lanes.active[0] != 0 && lanes.outcome[0] != 0)) {
      conv_write(own, &lanes, 0, s, loss, control, record_ints, record_reals, samples, item);
    }
    integers open = conv_open(&lanes, 0);
    if (BASIN_ANY(open)) {
      inputs = conv_streams(own, &lanes, 0, cell, 1, &index);
      CONV_OUTPUT_ARRAY(gradient, gradients_of_group);
      CONV_OUTPUT_ARRAY(hidden, hidden_of_group);
      words step = BASIN_NARROW(lanes.step[0]);
      conv_plane sums = conv_project(
          inputs, step, batch, m, CONV_SLOPE(c), CONV_SCALED_OUTPUT(teacher, p), a, gradient, hidden, zero);
      reals noise = gaussian_chi_square(inputs, BASIN_PURPOSE_PERPENDICULAR, step, p - 2);
      conv_state next = s;
      real rate = conv_read(cell_reals, own.cell).step_size / batch;
      conv_projected_move(&next, m, sums, noise, rate);
      s.x = open ? next.x : s.x;
      s.y = open ? next.y : s.y;
#if BASIN_LEARNED
      BASIN_UNROLL(BASIN_UNROLL_OUTPUT)
      for (int j = 0; j < BASIN_K; j++) {
        reals moved = BASIN_FMA(-gradient[j * BASIN_OUTPUT_STRIDE], (reals)(rate), a[j * BASIN_OUTPUT_STRIDE]);
        a[j * BASIN_OUTPUT_STRIDE] = open ? moved : a[j * BASIN_OUTPUT_STRIDE];
      }
#endif
      lanes.step[0] = open ? lanes.step[0] + 1 : lanes.step[0];
    }
  }

  const int kept_item = item | zero;
  work_keep(&own, &lanes, kept_ints, kept_item, items);
  BASIN_UNROLL(1)
  for (int l = 0; l < BASIN_WIDTH; l++) {
    BASIN_GLOBAL real *to = kept_reals + (2 + BASIN_K) * l * items + kept_item;
    to[0] = WORK_REAL(&s.x, l);
    to[items] = WORK_REAL(&s.y, l);
    BASIN_UNROLL(BASIN_UNROLL_OUTPUT)
    for (int j = 0; j < BASIN_K; j++) {
      to[(2 + j) * items] = CONV_WEIGHT(a, j, l);
    }
  }
}
