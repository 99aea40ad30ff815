/*
 * Where restarts come from and where outcomes go. Nothing in here knows what a restart is of.
 *
 * A table lists tiles of restarts: restart `offset` of a tile is first + stride * offset, and all see the
 * same data. An owner (a work-item, or a work-group where its restarts share inputs) takes a ticket when
 * its last tile is used up: `unit` restarts of one tile. Its lanes take restarts as they become free.
 * What an owner has left, and the state of its lanes, is kept in memory between launches; memory full of
 * zeros is an owner without work. An ended restart is appended to the records: they have no order, and
 * name the tile and the offset they belong to.
 */

#define WORK_VECTORS BASIN_VECTORS
#define WORK_RESTARTS (BASIN_VECTORS * BASIN_WIDTH) /* of a work-item */

/* control: */
#define WORK_TAKEN 0      /* tickets taken, counted here */
#define WORK_RECORDS 1    /* records written, counted here */
#define WORK_TICKETS 2    /* tickets that there are */
#define WORK_ENTRIES 3    /* rows of the table */
#define WORK_UNIT 4       /* restarts of a ticket */
#define WORK_ITERATIONS 5 /* iterations of a launch */
#define WORK_SAMPLES 6    /* states of a restart that are noted, where BASIN_SAMPLES */
#define WORK_GRADIENT 7   /* whether the first gradient is asked for instead */
#define WORK_ZERO 8       /* 0, which no compiler knows: what is read at an address plus this is not kept in registers */

/* Columns of the table. */
#define WORK_FIRST_TICKET 0
#define WORK_ID 1
#define WORK_CELL 2
#define WORK_FIRST_LOW 3
#define WORK_FIRST_HIGH 4
#define WORK_STRIDE 5
#define WORK_BEGIN 6
#define WORK_END 7
#define WORK_COLUMNS 8

/* Integers and reals of a record; samples follow, WORK_SAMPLE_REALS each. */
#define WORK_RECORD_INTS 5 /* tile, offset, outcome, steps, step that ended phase one or -1 */
#define WORK_RECORD_REALS 7
#define WORK_SAMPLE_REALS 6

/* Number `i` of a vector of restarts, or of an array of vectors. */
#define WORK_LANE(vectors, i) (((integer *)(vectors))[i])
#define WORK_REAL(vectors, i) (((real *)(vectors))[i])

/* A share of a tile: offsets next ... end - 1 are still to be taken. */
typedef struct {
  int id, cell, stride, next, end;
  word first_low, first_high;
} work;

/* What the lanes of a work-item do. Step, phase and sample count for active lanes alone. */
typedef struct {
  integers active[WORK_VECTORS];
  integers outcome[WORK_VECTORS]; /* what ended a lane that is still active; 0 while nothing did */
  integers step[WORK_VECTORS];
#if BASIN_PHASES
  integers phase[WORK_VECTORS]; /* step that ended phase one, or -1 */
#endif
#if BASIN_SAMPLES
  integers sample[WORK_VECTORS]; /* samples taken */
#endif
  int offset[WORK_RESTARTS];     /* in the tile */
} work_lanes;

#define WORK_SPENT 4 /* an outcome beside those of a network: the step budget is spent */

BASIN_FUNCTION work work_none(void) {
  work w;
  w.id = w.cell = w.stride = w.next = w.end = 0;
  w.first_low = w.first_high = 0;
  return w;
}

/* Takes a ticket; leaves `w` as it is and returns 0 where there is none. */
BASIN_FUNCTION int work_take(work *w, BASIN_GLOBAL int *control, BASIN_GLOBAL const int *table) {
  int ticket = BASIN_ATOMIC_ADD(&control[WORK_TAKEN], 1);
  if (ticket >= control[WORK_TICKETS]) {
    return 0;
  }
  int low = 0;
  int high = control[WORK_ENTRIES];
  while (high - low > 1) {
    int middle = (low + high) / 2;
    if (table[middle * WORK_COLUMNS + WORK_FIRST_TICKET] <= ticket) {
      low = middle;
    } else {
      high = middle;
    }
  }
  BASIN_GLOBAL const int *row = table + low * WORK_COLUMNS;
  int unit = control[WORK_UNIT];
  w->id = row[WORK_ID];
  w->cell = row[WORK_CELL];
  w->first_low = (word)row[WORK_FIRST_LOW];
  w->first_high = (word)row[WORK_FIRST_HIGH];
  w->stride = row[WORK_STRIDE];
  w->next = row[WORK_BEGIN] + (ticket - row[WORK_FIRST_TICKET]) * unit;
  w->end = row[WORK_END] - w->next < unit ? row[WORK_END] : w->next + unit;
  return 1;
}

/* The index of a restart: 64 bits. */
BASIN_FUNCTION wide work_restart(work w, int offset) {
  wide first = (wide)w.first_high << 32 | w.first_low;
  return first + (wide)offset * (wide)w.stride;
}

BASIN_FUNCTION void work_start_lane(work_lanes *lanes, int i, int offset) {
  lanes->offset[i] = offset;
  /* All bits: a vector's condition is its sign. */
  WORK_LANE(lanes->active, i) = -1;
  WORK_LANE(lanes->outcome, i) = 0;
  WORK_LANE(lanes->step, i) = 0;
#if BASIN_PHASES
  WORK_LANE(lanes->phase, i) = -1;
#endif
#if BASIN_SAMPLES
  WORK_LANE(lanes->sample, i) = 0;
#endif
}

/* Lets the idle lanes of a vector take what the owner has left; returns which did. */
BASIN_FUNCTION integers work_fill(work *w, work_lanes *lanes, int v) {
  integers idle = lanes->active[v] == 0;
  integers fresh = 0;
  BASIN_UNROLL(1)
  for (int l = 0; l < BASIN_WIDTH; l++) {
    if (WORK_LANE(&idle, l) && w->next < w->end) {
      work_start_lane(lanes, v * BASIN_WIDTH + l, w->next++);
      WORK_LANE(&fresh, l) = -1;
    }
  }
  return fresh;
}

BASIN_FUNCTION int work_any_active(const work_lanes *lanes) {
  int active = 0;
  BASIN_UNROLL(WORK_VECTORS)
  for (int v = 0; v < WORK_VECTORS; v++) {
    active |= BASIN_ANY(lanes->active[v]) != 0;
  }
  return active;
}

/*
 * Kept integers: 8 of the owner, the last its step, then 5 a restart; number i of work-item `item` at
 * i * items + item. `items` has 64 bits because such a position may need more than 31: a thousand numbers
 * each of two million restarts.
 */
#define WORK_KEPT_OWNER 8
#define WORK_KEPT_INTS (WORK_KEPT_OWNER + 5 * WORK_RESTARTS)

BASIN_FUNCTION void work_keep(
    const work *w, const work_lanes *lanes, BASIN_GLOBAL int *kept, int item, wide items) {
  kept += item;
  kept[0] = w->id;
  kept[items] = w->cell;
  kept[2 * items] = w->stride;
  kept[3 * items] = w->next;
  kept[4 * items] = w->end;
  kept[5 * items] = (int)w->first_low;
  kept[6 * items] = (int)w->first_high;
  BASIN_UNROLL(BASIN_VECTORS)
  for (int i = 0; i < WORK_RESTARTS; i++) {
    BASIN_GLOBAL int *lane = kept + (WORK_KEPT_OWNER + 5 * i) * items;
    lane[0] = WORK_LANE(lanes->active, i) != 0;
    lane[items] = lanes->offset[i];
    lane[2 * items] = (int)WORK_LANE(lanes->step, i);
#if BASIN_PHASES
    lane[3 * items] = (int)WORK_LANE(lanes->phase, i);
#endif
#if BASIN_SAMPLES
    lane[4 * items] = (int)WORK_LANE(lanes->sample, i);
#endif
  }
}

BASIN_FUNCTION void work_resume(
    work *w, work_lanes *lanes, BASIN_GLOBAL const int *kept, int item, wide items) {
  kept += item;
  w->id = kept[0];
  w->cell = kept[items];
  w->stride = kept[2 * items];
  w->next = kept[3 * items];
  w->end = kept[4 * items];
  w->first_low = (word)kept[5 * items];
  w->first_high = (word)kept[6 * items];
  BASIN_UNROLL(BASIN_VECTORS)
  for (int i = 0; i < WORK_RESTARTS; i++) {
    BASIN_GLOBAL const int *lane = kept + (WORK_KEPT_OWNER + 5 * i) * items;
    WORK_LANE(lanes->active, i) = lane[0] ? -1 : 0;
    WORK_LANE(lanes->outcome, i) = 0;
    lanes->offset[i] = lane[items];
    WORK_LANE(lanes->step, i) = lane[2 * items];
#if BASIN_PHASES
    WORK_LANE(lanes->phase, i) = lane[3 * items];
#endif
#if BASIN_SAMPLES
    WORK_LANE(lanes->sample, i) = lane[4 * items];
#endif
  }
}
