/*
 * What is noted of restarts on their way and at their end, whatever they are of: `state`, `size` numbers of each
 * restart of a vector. A record has the numbers of the end, then those of every sample that was due.
 *
 * Needs work.h.
 */

#define RECORDS_UNDECIDED 0

/* Lanes whose state is to be looked at: under way and without an outcome. */
BASIN_FUNCTION integers records_open(const work_lanes *lanes, int v) {
  return lanes->active[v] != 0 && lanes->outcome[v] == 0;
}

/* The stream of each restart's start, where every restart has one of its own; low words of indices come back too. */
BASIN_FUNCTION streams records_streams(
    work w, const work_lanes *lanes, int v, word key0, word key1, words *index) {
  streams s;
  word low[BASIN_WIDTH], high[BASIN_WIDTH];
  s.key0 = key0;
  s.key1 = key1;
  BASIN_UNROLL(1)
  for (int l = 0; l < BASIN_WIDTH; l++) {
    wide restart = work_restart(w, lanes->offset[v * BASIN_WIDTH + l]);
    low[l] = (word)restart;
    high[l] = (word)(restart >> 32);
  }
  s.low = BASIN_LOAD(low);
  s.high = BASIN_LOAD(high);
  *index = s.low;
  return s;
}

#if BASIN_SAMPLES
/* Where the samples of a restart under way are: one of `count` after the other. */
BASIN_FUNCTION BASIN_GLOBAL real *records_samples(
    BASIN_GLOBAL real *samples, int count, int size, int item, int i) {
  return samples + ((wide)item * WORK_RESTARTS + i) * (wide)(size * count);
}

/* Notes the state of the restarts of a vector whose step is due. */
BASIN_FUNCTION void records_note(
    work_lanes *lanes, int v, const reals *state, int size, int count, BASIN_GLOBAL const int *sampled,
    BASIN_GLOBAL real *samples, int item) {
  integers open = records_open(lanes, v);
  BASIN_UNROLL(1)
  for (int l = 0; l < BASIN_WIDTH; l++) {
    int i = v * BASIN_WIDTH + l;
    int taken = (int)WORK_LANE(lanes->sample, i);
    if (!WORK_LANE(&open, l) || taken == count || (int)WORK_LANE(lanes->step, i) != sampled[taken]) {
      continue;
    }
    BASIN_GLOBAL real *to = records_samples(samples, count, size, item, i) + size * taken;
    BASIN_UNROLL(1)
    for (int n = 0; n < size; n++) {
      to[n] = WORK_REAL(state + n, l);
    }
    WORK_LANE(lanes->sample, i) = taken + 1;
  }
}
#endif

/* Settles who ends here: by `end`, or because the budget is spent. */
BASIN_FUNCTION void records_settle(work_lanes *lanes, int v, integers end, int max_steps) {
  integers spent = lanes->step[v] >= max_steps && end == 0;
  end = spent ? (integers)(WORK_SPENT) : end;
  lanes->outcome[v] = records_open(lanes, v) ? end : lanes->outcome[v];
}

/* Appends the records of the restarts of a vector that have ended, and frees their lanes. */
BASIN_FUNCTION void records_write(
    work w, work_lanes *lanes, int v, const reals *state, int size, int sample_size, BASIN_GLOBAL int *control,
    BASIN_GLOBAL int *record_ints, BASIN_GLOBAL real *record_reals, BASIN_GLOBAL real *samples, int item) {
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
    ints[2] = outcome == WORK_SPENT ? RECORDS_UNDECIDED : outcome;
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
    BASIN_GLOBAL real *to = record_reals + (wide)record * (wide)(size + sample_size * count);
    BASIN_UNROLL(1)
    for (int n = 0; n < size; n++) {
      to[n] = WORK_REAL(state + n, l);
    }
#if BASIN_SAMPLES
    /* The host knows by the steps how many samples there are. */
    BASIN_GLOBAL const real *from = records_samples(samples, count, sample_size, item, i);
    for (int n = 0; n < sample_size * (int)WORK_LANE(lanes->sample, i); n++) {
      to[size + n] = from[n];
    }
#endif
  }
}
