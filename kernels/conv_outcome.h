/*
 * What is noted of a convolutional network on its way, and the record of its end: columns x, y, mean,
 * contrast, rest, loss, angle, then x, y, mean, contrast, rest, loss of every sample. Where patches overlap
 * (BASIN_OVERLAPS) each ends with the filter, of which the host makes the population loss.
 */

/* Integers of a cell. */
#define CONV_KEY_LOW 0
#define CONV_KEY_HIGH 1
#define CONV_PATCH_SIZE 2
#define CONV_PATCHES 3
#define CONV_MAX_STEPS 4
#define CONV_BATCH 5     /* inputs of a step: batch, or samples of a data set */
#define CONV_VECTORS 6   /* where its teacher begins in `vectors` */
#define CONV_SHARE 7     /* restarts that share one stream of inputs */
#define CONV_DATA_SETS 8 /* number of data sets */
#define CONV_DATA_LOW 9  /* where its data sets begin in `data`, 64 bits */
#define CONV_DATA_HIGH 10
#if BASIN_NOISE
#define CONV_EPOCH 11  /* steps of an epoch */
#define CONV_EPOCHS 12 /* rows of its schedule */
#define CONV_INTS 13
#else
#define CONV_INTS 11
#endif

/* A cell's part of `vectors`: unit filter p, then, where k is a constant, filter p, output k, mean axis k, contrast axis k; with
 * noise the schedule follows the unit filter. */

#if BASIN_OVERLAPS
#define CONV_NOTED BASIN_P
#define CONV_FILTER_NOTED(filter) , filter
#else
#define CONV_NOTED 0
#define CONV_FILTER_NOTED(filter)
#endif
#define CONV_RECORD (WORK_RECORD_REALS + CONV_NOTED)
#define CONV_SAMPLE (WORK_SAMPLE_REALS + CONV_NOTED)

BASIN_FUNCTION conv_cell conv_read(BASIN_GLOBAL const real *reals_of_cells, int cell) {
  return ((BASIN_GLOBAL const conv_cell *)reals_of_cells)[cell];
}

/* The stream of each restart's start: one for the four of a quadruple. Low words of indices come back too. */
BASIN_FUNCTION streams conv_streams(
    work w, const work_lanes *lanes, int v, BASIN_GLOBAL const int *cell, int share, words *index) {
  streams s;
  word low[BASIN_WIDTH], high[BASIN_WIDTH], own[BASIN_WIDTH];
  s.key0 = (word)cell[CONV_KEY_LOW];
  s.key1 = (word)cell[CONV_KEY_HIGH];
  BASIN_UNROLL(1)
  for (int i = 0; i < BASIN_WIDTH; i++) {
    wide restart = work_restart(w, lanes->offset[v * BASIN_WIDTH + i]);
    wide stream = share == 1 ? restart : restart / (wide)share;
    own[i] = (word)restart;
    low[i] = (word)stream;
    high[i] = (word)(stream >> 32);
  }
  *index = BASIN_LOAD(own);
  s.low = BASIN_LOAD(low);
  s.high = BASIN_LOAD(high);
  return s;
}

/* Restarts of a stream of starts. */
#if BASIN_QUADRUPLE
#define CONV_START_SHARE 4
#else
#define CONV_START_SHARE 1
#endif

/* Lanes whose state is to be looked at: under way and without an outcome. */
BASIN_FUNCTION integers conv_open(const work_lanes *lanes, int v) {
  return lanes->active[v] != 0 && lanes->outcome[v] == 0;
}

/* Where the samples of a restart under way are: one of `count` after the other. */
BASIN_FUNCTION BASIN_GLOBAL real *conv_samples(BASIN_GLOBAL real *samples, int count, int item, int i) {
  return samples + ((wide)item * WORK_RESTARTS + i) * (CONV_SAMPLE * count);
}

#if BASIN_OVERLAPS
/* Notes the filter of restart i of a work-item. */
BASIN_FUNCTION void conv_note_filter(const reals *filter, int i, BASIN_GLOBAL real *to) {
  BASIN_UNROLL(BASIN_UNROLL_FILTER)
  for (int c = 0; c < BASIN_P; c++) {
    to[c] = WORK_REAL(filter + c * WORK_VECTORS, i);
  }
}
#endif

#if BASIN_SAMPLES
BASIN_FUNCTION void conv_note_samples(
    work_lanes *lanes, int v, conv_state s, reals loss, int count, BASIN_GLOBAL const int *sampled,
    BASIN_GLOBAL real *samples, int item CONV_FILTER_NOTED(const reals *filter)) {
  integers open = conv_open(lanes, v);
  BASIN_UNROLL(1)
  for (int l = 0; l < BASIN_WIDTH; l++) {
    int i = v * BASIN_WIDTH + l;
    int taken = (int)WORK_LANE(lanes->sample, i);
    if (!WORK_LANE(&open, l) || taken == count
        || (int)WORK_LANE(lanes->step, i) != sampled[taken]) {
      continue;
    }
    BASIN_GLOBAL real *to = conv_samples(samples, count, item, i) + CONV_SAMPLE * taken;
    to[0] = WORK_REAL(&s.x, l);
    to[1] = WORK_REAL(&s.y, l);
    to[2] = WORK_REAL(&s.mean, l);
    to[3] = WORK_REAL(&s.contrast, l);
    to[4] = WORK_REAL(&s.rest, l);
    to[5] = WORK_REAL(&loss, l);
#if BASIN_OVERLAPS
    conv_note_filter(filter, i, to + WORK_SAMPLE_REALS);
#endif
    WORK_LANE(lanes->sample, i) = taken + 1;
  }
}
#endif

/* Notes the step that a vector of restarts is at, and settles who ends here. */
BASIN_FUNCTION void conv_settle(
    work_lanes *lanes, int v, conv_state s, conv_geometry m, conv_cell c, reals loss, integers end,
    int max_steps, BASIN_GLOBAL const int *control, BASIN_GLOBAL const int *sampled,
    BASIN_GLOBAL real *samples, int item CONV_FILTER_NOTED(const reals *filter)) {
#if BASIN_SAMPLES
  conv_note_samples(
      lanes, v, s, loss, control[WORK_SAMPLES], sampled, samples, item CONV_FILTER_NOTED(filter));
#endif
  integers open = conv_open(lanes, v);
#if BASIN_PHASES
  integers over = open && lanes->phase[v] < 0 && conv_phase_one_over(s, m, c);
  lanes->phase[v] = over ? lanes->step[v] : lanes->phase[v];
#endif
  integers spent = lanes->step[v] >= max_steps && end == 0;
  end = spent ? (integers)(WORK_SPENT) : end;
  lanes->outcome[v] = open ? end : lanes->outcome[v];
}

/* Appends the records of the restarts of a vector that have ended, and frees their lanes. */
BASIN_FUNCTION void conv_write(
    work w, work_lanes *lanes, int v, conv_state s, reals loss, BASIN_GLOBAL int *control,
    BASIN_GLOBAL int *record_ints, BASIN_GLOBAL real *record_reals, BASIN_GLOBAL real *samples, int item
    CONV_FILTER_NOTED(const reals *filter)) {
  reals angle = elementary_atan2(s.y, s.x);
  BASIN_UNROLL(1)
  for (int l = 0; l < BASIN_WIDTH; l++) {
    int i = v * BASIN_WIDTH + l;
    int outcome = (int)WORK_LANE(lanes->outcome, i);
    if (!WORK_LANE(lanes->active, i) || outcome == 0) {
      continue;
    }
    WORK_LANE(lanes->active, i) = 0;
    int record = BASIN_ATOMIC_ADD(&control[WORK_RECORDS], 1);
    BASIN_GLOBAL int *ints = record_ints + (wide)record * WORK_RECORD_INTS;
    ints[0] = w.id;
    ints[1] = lanes->offset[i];
    ints[2] = outcome == WORK_SPENT ? CONV_UNDECIDED : outcome;
    ints[3] = (int)WORK_LANE(lanes->step, i);
#if BASIN_PHASES
    ints[4] = (int)WORK_LANE(lanes->phase, i);
#else
    ints[4] = -1;
#endif
#if BASIN_SAMPLES
    int count = control[WORK_SAMPLES];
#else
    int count = 0;
#endif
    BASIN_GLOBAL real *to =
        record_reals + (wide)record * (CONV_RECORD + CONV_SAMPLE * count);
    to[0] = WORK_REAL(&s.x, l);
    to[1] = WORK_REAL(&s.y, l);
    to[2] = WORK_REAL(&s.mean, l);
    to[3] = WORK_REAL(&s.contrast, l);
    to[4] = WORK_REAL(&s.rest, l);
    to[5] = WORK_REAL(&loss, l);
    to[6] = WORK_REAL(&angle, l);
#if BASIN_OVERLAPS
    conv_note_filter(filter, i, to + WORK_RECORD_REALS);
#endif
#if BASIN_SAMPLES
    BASIN_GLOBAL const real *from = conv_samples(samples, count, item, i);
    int taken = (int)WORK_LANE(lanes->sample, i);
    for (int n = 0; n < CONV_SAMPLE * taken; n++) {
      to[CONV_RECORD + n] = from[n];
    }
    /* The host knows by the steps how many samples there are. */
#endif
  }
}
