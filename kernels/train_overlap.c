/*
 * Descent on the population loss of patches that overlap, w <- w - eta dl: see overlap.h. A restart is near the
 * teacher, or stationary for OVERLAP_QUIET_STEPS steps at a minimum that is not the teacher's.
 *
 * Who owns a restart: a lane of a work-item. A lane whose restart has ended takes the next of the work-item's tile at
 * once.
 *
 * Memory: filter and gradient in registers where p is small, else in arrays; second derivatives, p p numbers, in an
 * array. Between launches kept_reals[i * items + item], i = (p + 1) * restart of the work-item + coordinate, the last
 * the number of quiet steps. Records: loss, then w; samples: x, y, three zeros, loss. WORK_GRADIENT: writes the first
 * gradient of the only restart to `samples`, p numbers, and ends.
 */

/* Integers of a cell. */
#define OVERLAP_KEY_LOW 0
#define OVERLAP_KEY_HIGH 1
#define OVERLAP_MAX_STEPS 2
#define OVERLAP_PATCHES 3
#define OVERLAP_VECTORS 4 /* where its teacher begins in `vectors`: unit filter p, filter p */
#define OVERLAP_INTS 5

#define OVERLAP_KEPT (BASIN_P + 1)
#define OVERLAP_RECORD (BASIN_P + 1)
#define OVERLAP_SAMPLE 6

BASIN_FUNCTION overlap_cell overlap_read(BASIN_GLOBAL const real *reals_of_cells, int cell) {
  return ((BASIN_GLOBAL const overlap_cell *)reals_of_cells)[cell];
}

BASIN_KERNEL BASIN_GROUPS_OF(BASIN_GROUP_SIZE, BASIN_RESIDENT) void train_overlap(
    BASIN_GLOBAL int *control, BASIN_GLOBAL const int *table, BASIN_GLOBAL const int *cell_ints,
    BASIN_GLOBAL const real *cell_reals, BASIN_GLOBAL int *kept_ints, BASIN_GLOBAL real *kept_reals,
    BASIN_GLOBAL int *record_ints, BASIN_GLOBAL real *record_reals, BASIN_GLOBAL real *samples,
    BASIN_GLOBAL const int *sampled, BASIN_GLOBAL const real *vectors, BASIN_GLOBAL const real *given) {
  const int item = BASIN_GROUP * BASIN_GROUP_SIZE + BASIN_ITEM;
  const wide items = (wide)BASIN_GROUPS * BASIN_GROUP_SIZE;
  const int iterations = control[WORK_ITERATIONS];
  work own;
  work_lanes lanes;
  reals w[BASIN_P], gradient[BASIN_P], quiet;
  work_resume(&own, &lanes, kept_ints, item, items);
  overlap_cell c = overlap_read(cell_reals, own.cell);
  BASIN_GLOBAL const int *cell = cell_ints + own.cell * OVERLAP_INTS;
  BASIN_UNROLL(1)
  for (int l = 0; l < BASIN_WIDTH; l++) {
    BASIN_GLOBAL const real *from = kept_reals + (wide)OVERLAP_KEPT * l * items + item;
    BASIN_UNROLL(BASIN_UNROLL_FILTER)
    for (int n = 0; n < BASIN_P; n++) {
      WORK_REAL(w + n, l) = from[n * items];
    }
    WORK_REAL(&quiet, l) = from[BASIN_P * items];
  }
  int more = 1;

  for (int step = 0; step < iterations; step++) {
    if (BASIN_ANY(lanes.active[0] == 0)) {
      /* A work-item works on one tile at a time: its lanes share the numbers of a cell. */
      if (own.next == own.end && more && !work_any_active(&lanes)) {
        more = work_take(&own, control, table);
        c = overlap_read(cell_reals, own.cell);
        cell = cell_ints + own.cell * OVERLAP_INTS;
      }
      if (own.next < own.end) {
        integers fresh = work_fill(&own, &lanes, 0);
        words index;
        streams s = records_streams(
            own, &lanes, 0, (word)cell[OVERLAP_KEY_LOW], (word)cell[OVERLAP_KEY_HIGH], &index);
        BASIN_GLOBAL const real *unit = vectors + cell[OVERLAP_VECTORS];
        reals start[BASIN_P];
        conv_start_filter(
            s, index, BASIN_P, conv_start(s, index, BASIN_P, cell[OVERLAP_PATCHES], 0, unit), unit, start);
        BASIN_UNROLL(BASIN_UNROLL_FILTER)
        for (int n = 0; n < BASIN_P; n++) {
          w[n] = fresh ? start[n] : w[n];
        }
        quiet = fresh ? (reals)(0) : quiet;
      }
      if (!work_any_active(&lanes)) {
        break;
      }
    }
    BASIN_GLOBAL const real *unit = vectors + cell[OVERLAP_VECTORS];
    BASIN_GLOBAL const real *filter = unit + BASIN_P;
    overlap_gradient(w, c, unit, gradient);
#if BASIN_SAMPLES
    reals state[OVERLAP_SAMPLE];
    overlap_plane(w, unit, state, state + 1);
    state[2] = state[3] = state[4] = 0;
    state[5] = overlap_loss(w, c, unit);
    records_note(&lanes, 0, state, OVERLAP_SAMPLE, control[WORK_SAMPLES], sampled, samples, item);
    if (control[WORK_GRADIENT]) {
      /* Which lane has the only restart, and so a sample of it, depends on who came first. */
      for (int l = 0; l < BASIN_WIDTH; l++) {
        for (int n = 0; WORK_LANE(lanes.sample, l) && n < BASIN_P; n++) {
          samples[n] = WORK_REAL(gradient + n, l);
        }
      }
      break;
    }
#endif
#if BASIN_PHASES
    {
      reals x, y;
      overlap_plane(w, unit, &x, &y);
      reals left = elementary_atan2(y, -x);
      integers near = left >= BASIN_REAL(0.75) * BASIN_PI || left <= BASIN_REAL(0.25) * BASIN_PI;
      integers over = records_open(&lanes, 0) && lanes.phase[0] < 0 && near;
      lanes.phase[0] = over ? lanes.step[0] : lanes.phase[0];
    }
#endif
    reals squares = 0, distance = 0, slope = 0;
    BASIN_UNROLL(BASIN_UNROLL_FILTER)
    for (int n = 0; n < BASIN_P; n++) {
      reals off = w[n] - filter[n];
      squares = BASIN_FMA(w[n], w[n], squares);
      distance = BASIN_FMA(off, off, distance);
      slope = BASIN_FMA(gradient[n], gradient[n], slope);
    }
    integers end = distance <= c.squared_distance ? (integers)(OVERLAP_GLOBAL) : (integers)(OVERLAP_UNDECIDED);
    integers bounded = squares <= c.squared_limit;
    end = bounded ? end : (integers)(OVERLAP_DIVERGED);
    quiet = slope <= c.squared_stationary ? quiet + 1 : (reals)(0);
    integers settled = records_open(&lanes, 0) && quiet >= OVERLAP_QUIET_STEPS && end == 0;
    if (BASIN_ANY(settled)) {
      integers bad = overlap_loss(w, c, unit) > c.bad_loss;
      bad = bad && overlap_curves_upwards(w, c, unit);
      end = settled && bad ? (integers)(OVERLAP_SPURIOUS) : end;
      quiet = settled ? (reals)(0) : quiet;
    }
    records_settle(&lanes, 0, end, cell[OVERLAP_MAX_STEPS]);
    if (BASIN_ANY(lanes.active[0] != 0 && lanes.outcome[0] != 0)) {
      reals last[OVERLAP_RECORD];
      last[0] = overlap_loss(w, c, unit);
      BASIN_UNROLL(BASIN_UNROLL_FILTER)
      for (int n = 0; n < BASIN_P; n++) {
        last[1 + n] = w[n];
      }
      records_write(own, &lanes, 0, last, OVERLAP_RECORD, OVERLAP_SAMPLE, control, record_ints, record_reals,
          samples, item);
    }
    integers open = records_open(&lanes, 0);
    BASIN_UNROLL(BASIN_UNROLL_FILTER)
    for (int n = 0; n < BASIN_P; n++) {
      w[n] = open ? BASIN_FMA(gradient[n], (reals)(-c.step_size), w[n]) : w[n];
    }
    lanes.step[0] = open ? lanes.step[0] + 1 : lanes.step[0];
  }

  work_keep(&own, &lanes, kept_ints, item, items);
  BASIN_UNROLL(1)
  for (int l = 0; l < BASIN_WIDTH; l++) {
    BASIN_GLOBAL real *to = kept_reals + (wide)OVERLAP_KEPT * l * items + item;
    BASIN_UNROLL(BASIN_UNROLL_FILTER)
    for (int n = 0; n < BASIN_P; n++) {
      to[n * items] = WORK_REAL(w + n, l);
    }
    to[BASIN_P * items] = WORK_REAL(&quiet, l);
  }
}
