/*
 * Descent of two layers with orthogonal teachers, W <- W - eta dF/dW: see two_layer.h. A step takes the gradient,
 * which tells loss and outcome as well, and moves the restarts that have none.
 *
 * Who owns a restart: a lane of a work-item. A lane whose restart has ended takes the next of the work-item's tile
 * at once.
 *
 * Memory: students, gradient and M, n k, n k and n n numbers of a restart, are arrays indexed at run time, and so lie
 * in a GPU's local memory and on a processor's stack. Between launches kept_reals[i * items + item],
 * i = n k * restart of the work-item + coordinate. Records: loss, gradient, norm, then the same of every sample.
 * WORK_GRADIENT: writes the first gradient of the only restart to `samples`, n k numbers, and ends.
 */

/* Integers of a cell. */
#define TWO_LAYER_KEY_LOW 0
#define TWO_LAYER_KEY_HIGH 1
#define TWO_LAYER_MAX_STEPS 2
#define TWO_LAYER_INTS 3

#define TWO_LAYER_STATE 3 /* numbers of a record and of a sample */
#define TWO_LAYER_WEIGHTS (BASIN_STUDENTS * BASIN_TEACHERS)

/* Where number n of the weights is in an array of rows. */
#define TWO_LAYER_AT(n) ((n) / BASIN_TEACHERS * TWO_LAYER_ROW + (n) % BASIN_TEACHERS)

BASIN_FUNCTION two_layer_cell two_layer_read(BASIN_GLOBAL const real *reals_of_cells, int cell) {
  return ((BASIN_GLOBAL const two_layer_cell *)reals_of_cells)[cell];
}

BASIN_KERNEL BASIN_GROUPS_OF(BASIN_GROUP_SIZE, BASIN_RESIDENT) void train_two_layer(
    BASIN_GLOBAL int *control, BASIN_GLOBAL const int *table, BASIN_GLOBAL const int *cell_ints,
    BASIN_GLOBAL const real *cell_reals, BASIN_GLOBAL int *kept_ints, BASIN_GLOBAL real *kept_reals,
    BASIN_GLOBAL int *record_ints, BASIN_GLOBAL real *record_reals, BASIN_GLOBAL real *samples,
    BASIN_GLOBAL const int *sampled, BASIN_GLOBAL const real *vectors, BASIN_GLOBAL const real *given) {
  const int item = BASIN_GROUP * BASIN_GROUP_SIZE + BASIN_ITEM;
  const wide items = (wide)BASIN_GROUPS * BASIN_GROUP_SIZE;
  const int iterations = control[WORK_ITERATIONS];
  work own;
  work_lanes lanes;
  reals w[TWO_LAYER_SIZE], slope[TWO_LAYER_SIZE], m[BASIN_STUDENTS * BASIN_STUDENTS];
  work_resume(&own, &lanes, kept_ints, item, items);
  two_layer_cell c = two_layer_read(cell_reals, own.cell);
  BASIN_GLOBAL const int *cell = cell_ints + own.cell * TWO_LAYER_INTS;
  BASIN_UNROLL(1)
  for (int at = 0; at < TWO_LAYER_SIZE; at++) {
    w[at] = 0;
  }
  BASIN_UNROLL(1)
  for (int l = 0; l < BASIN_WIDTH; l++) {
    BASIN_GLOBAL const real *from = kept_reals + (wide)TWO_LAYER_WEIGHTS * l * items + item;
    BASIN_UNROLL(1)
    for (int n = 0; n < TWO_LAYER_WEIGHTS; n++) {
      WORK_REAL(w + TWO_LAYER_AT(n), l) = from[n * items];
    }
  }
  int more = 1;

  for (int n = 0; n < iterations; n++) {
    if (BASIN_ANY(lanes.active[0] == 0)) {
      /* A work-item works on one tile at a time: its lanes share the numbers of a cell. */
      if (own.next == own.end && more && !work_any_active(&lanes)) {
        more = work_take(&own, control, table);
        c = two_layer_read(cell_reals, own.cell);
        cell = cell_ints + own.cell * TWO_LAYER_INTS;
      }
      if (own.next < own.end) {
        integers fresh = work_fill(&own, &lanes, 0);
        words index;
        streams starts = records_streams(
            own, &lanes, 0, (word)cell[TWO_LAYER_KEY_LOW], (word)cell[TWO_LAYER_KEY_HIGH], &index);
        /* The gradient's room is free until it is taken anew. */
        two_layer_start(starts, slope);
        BASIN_UNROLL(1)
        for (int i = 0; i < TWO_LAYER_WEIGHTS; i++) {
          w[TWO_LAYER_AT(i)] = fresh ? slope[TWO_LAYER_AT(i)] : w[TWO_LAYER_AT(i)];
        }
      }
      if (!work_any_active(&lanes)) {
        break;
      }
    }
    two_layer_state s = two_layer_measure(w, c, slope, m);
    const reals state[TWO_LAYER_STATE] = {s.loss, s.gradient, s.norm};
#if BASIN_SAMPLES
    records_note(&lanes, 0, state, TWO_LAYER_STATE, control[WORK_SAMPLES], sampled, samples, item);
    if (control[WORK_GRADIENT]) {
      /* Which lane has the only restart, and so a sample of it, depends on who came first. */
      for (int l = 0; l < BASIN_WIDTH; l++) {
        for (int i = 0; WORK_LANE(lanes.sample, l) && i < TWO_LAYER_WEIGHTS; i++) {
          samples[i] = WORK_REAL(slope + TWO_LAYER_AT(i), l) / BASIN_REAL(6.28318530717958647693);
        }
      }
      break;
    }
#endif
    records_settle(&lanes, 0, two_layer_end(s, c), cell[TWO_LAYER_MAX_STEPS]);
    if (BASIN_ANY(lanes.active[0] != 0 && lanes.outcome[0] != 0)) {
      records_write(own, &lanes, 0, state, TWO_LAYER_STATE, TWO_LAYER_STATE, control, record_ints, record_reals,
          samples, item);
    }
    integers open = records_open(&lanes, 0);
    two_layer_step(w, slope, c, open);
    lanes.step[0] = open ? lanes.step[0] + 1 : lanes.step[0];
  }

  work_keep(&own, &lanes, kept_ints, item, items);
  BASIN_UNROLL(1)
  for (int l = 0; l < BASIN_WIDTH; l++) {
    BASIN_GLOBAL real *to = kept_reals + (wide)TWO_LAYER_WEIGHTS * l * items + item;
    BASIN_UNROLL(1)
    for (int n = 0; n < TWO_LAYER_WEIGHTS; n++) {
      to[n * items] = WORK_REAL(w + TWO_LAYER_AT(n), l);
    }
  }
}
