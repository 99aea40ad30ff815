/*
 * Population descent in the coordinates of its exact reduction: see conv_population_step in conv.h.
 *
 * Who owns a restart: a lane of a work-item. A lane checks and steps until its restart ends, then stands
 * still until the work-item looks for new work, every BASIN_REFILL steps.
 *
 * Memory: states and rules in registers for a whole launch; between launches kept_reals[i * items + item],
 * i = 5 * restart of the work-item + coordinate. Starts are drawn, or, where BASIN_GIVEN_STARTS, read: five
 * numbers a restart at given[5 * index]. Where BASIN_NOISE, gradients are taken at perturbed points: see conv_noise.h.
 */
BASIN_KERNEL BASIN_GROUPS_OF(BASIN_GROUP_SIZE, BASIN_RESIDENT) void train_population(
    BASIN_GLOBAL int *control, BASIN_GLOBAL const int *table, BASIN_GLOBAL const int *cell_ints,
    BASIN_GLOBAL const real *cell_reals, BASIN_GLOBAL int *kept_ints, BASIN_GLOBAL real *kept_reals,
    BASIN_GLOBAL int *record_ints, BASIN_GLOBAL real *record_reals, BASIN_GLOBAL real *samples,
    BASIN_GLOBAL const int *sampled, BASIN_GLOBAL const real *vectors, BASIN_GLOBAL const real *given) {
  const int item = BASIN_GROUP * BASIN_GROUP_SIZE + BASIN_ITEM;
  const wide items = (wide)BASIN_GROUPS * BASIN_GROUP_SIZE;
  const int iterations = control[WORK_ITERATIONS];
  const int zero = control[WORK_ZERO];
  work own;
  work_lanes lanes;
  conv_state s;
  work_resume(&own, &lanes, kept_ints, item, items);
  conv_cell c = conv_read(cell_reals, own.cell);
  BASIN_GLOBAL const int *cell = cell_ints + own.cell * CONV_INTS;
  BASIN_UNROLL(1)
  for (int l = 0; l < BASIN_WIDTH; l++) {
    BASIN_GLOBAL const real *from = kept_reals + 5 * l * items + item;
    WORK_REAL(&s.x, l) = from[0];
    WORK_REAL(&s.y, l) = from[items];
    WORK_REAL(&s.mean, l) = from[2 * items];
    WORK_REAL(&s.contrast, l) = from[3 * items];
    WORK_REAL(&s.rest, l) = from[4 * items];
  }
  int more = 1;

  for (int n = 0; n < iterations; n++) {
    if (BASIN_ANY(lanes.active[0] == 0)) {
      /* A work-item works on one tile at a time: its lanes share the numbers of a cell. */
      if (own.next == own.end && more && !work_any_active(&lanes)) {
        more = work_take(&own, control, table);
        c = conv_read(cell_reals, own.cell);
        cell = cell_ints + own.cell * CONV_INTS;
      }
      if (own.next < own.end) {
        integers idle = lanes.active[0] == 0;
        integers fresh = 0;
        BASIN_UNROLL(1)
        for (int l = 0; l < BASIN_WIDTH; l++) {
          if (WORK_LANE(&idle, l) && own.next < own.end) {
            work_start_lane(&lanes, l, own.next++);
            WORK_LANE(&fresh, l) = -1;
          }
        }
        words index;
        streams of_start = conv_streams(own, &lanes, 0, cell, CONV_START_SHARE, &index);
        conv_state start;
#if BASIN_GIVEN_STARTS
        BASIN_UNROLL(1)
        for (int l = 0; l < BASIN_WIDTH; l++) {
          /* An idle lane still has an offset of an earlier, perhaps longer tile. */
          int offset = WORK_LANE(&fresh, l) ? lanes.offset[l] : 0;
          BASIN_GLOBAL const real *from = given + 5 * work_restart(own, offset);
          WORK_REAL(&start.x, l) = from[0];
          WORK_REAL(&start.y, l) = from[1];
          WORK_REAL(&start.mean, l) = from[2];
          WORK_REAL(&start.contrast, l) = from[3];
          WORK_REAL(&start.rest, l) = from[4];
        }
#else
        start = conv_start(of_start, index, cell[CONV_PATCH_SIZE], cell[CONV_PATCHES], c.start_radius,
            vectors + cell[CONV_VECTORS]);
#endif
        s.x = fresh ? start.x : s.x;
        s.y = fresh ? start.y : s.y;
        s.mean = fresh ? start.mean : s.mean;
        s.contrast = fresh ? start.contrast : s.contrast;
        s.rest = fresh ? start.rest : s.rest;
      }
      if (!work_any_active(&lanes)) {
        break;
      }
    }
#if BASIN_NOISE
    words low_of_restart;
    const streams of_noise = conv_streams(own, &lanes, 0, cell, 1, &low_of_restart);
    const int p = cell[CONV_PATCH_SIZE];
    const int k = cell[CONV_PATCHES];
    BASIN_GLOBAL const real *schedule = vectors + cell[CONV_VECTORS] + p;
#endif
    for (int step = 0; step < BASIN_REFILL; step++) {
      conv_geometry m = conv_measure(s.x, s.y, c);
      reals loss = 0;
#if BASIN_SAMPLES
      loss = conv_population_loss(s, m, c);
#endif
      conv_settle(&lanes, 0, s, m, c, loss, conv_end(s, m, c), cell[CONV_MAX_STEPS], control, sampled, samples, item);
      integers open = conv_open(&lanes, 0);
#if BASIN_NOISE
      conv_epoch epoch = conv_read_epoch(lanes.step[0], cell, schedule);
      conv_state next = conv_noisy_step(s, c, epoch, of_noise, BASIN_NARROW(lanes.step[0]), p, k);
#else
      conv_state next = conv_population_step(s, m, c);
#endif
      s.x = open ? next.x : s.x;
      s.y = open ? next.y : s.y;
      s.mean = open ? next.mean : s.mean;
      s.contrast = open ? next.contrast : s.contrast;
      s.rest = open ? next.rest : s.rest;
      lanes.step[0] = open ? lanes.step[0] + 1 : lanes.step[0];
    }
    if (BASIN_ANY(lanes.active[0] != 0 && lanes.outcome[0] != 0)) {
#if BASIN_LEAKY
      /* Read anew: what a loss alone needs would take a register all the way. */
      c = conv_read(cell_reals, own.cell);
#endif
      reals loss = conv_population_loss(s, conv_measure(s.x, s.y, c), c);
      conv_write(own, &lanes, 0, s, loss, control, record_ints, record_reals, samples, item);
    }
  }

  const int kept_item = item | zero;
  work_keep(&own, &lanes, kept_ints, kept_item, items);
  BASIN_UNROLL(1)
  for (int l = 0; l < BASIN_WIDTH; l++) {
    BASIN_GLOBAL real *to = kept_reals + 5 * l * items + kept_item;
    to[0] = WORK_REAL(&s.x, l);
    to[items] = WORK_REAL(&s.y, l);
    to[2 * items] = WORK_REAL(&s.mean, l);
    to[3 * items] = WORK_REAL(&s.contrast, l);
    to[4 * items] = WORK_REAL(&s.rest, l);
  }
}
