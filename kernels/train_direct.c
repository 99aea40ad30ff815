/*
 * Descent on inputs that are there: online with the inputs themselves drawn, or on a data set. A step: forward and
 * backward pass of every input (conv_direct.h), the gradient, and what an optimizer makes of it (optimizer.h).
 *
 * Who owns a restart: a lane of a work-item, which holds BASIN_VECTORS vectors of them. Restarts that share inputs
 * form a team, a work-group or one work-item, whose members step together. On a stream they start together, and all
 * must have ended before the next; on a data set a free lane takes the next restart at once.
 *
 * Memory: v, its gradient and `pull` of p, a, its gradient and `hidden` of k numbers a restart, in registers or local
 * memory; those of k striped by work-item in shared memory where BASIN_OUTPUT_SHARED. Inputs of a chunk in the
 * team's memory. Between launches kept_reals[i * items + item], i = (p + k + 1) * restart + (v, a, norm of the first
 * gradient). Behind these, all the time, what the optimizer remembers: number n of weight j (v, a) of a restart at
 * ((OPTIMIZER_NUMBERS * j + n) * items + item) * restarts + restart. WORK_GRADIENT: writes the first gradient of the
 * only restart to `samples`, p + k numbers, and ends.
 */
#define KEPT_REALS (BASIN_P + BASIN_K + 1)

BASIN_KERNEL BASIN_GROUPS_OF(BASIN_GROUP_SIZE, BASIN_RESIDENT) void train_direct(
    BASIN_GLOBAL int *control, BASIN_GLOBAL const int *table, BASIN_GLOBAL const int *cell_ints,
    BASIN_GLOBAL const real *cell_reals, BASIN_GLOBAL int *kept_ints, BASIN_GLOBAL real *kept_reals,
    BASIN_GLOBAL int *record_ints, BASIN_GLOBAL real *record_reals, BASIN_GLOBAL real *samples,
    BASIN_GLOBAL const int *sampled, BASIN_GLOBAL const real *vectors, BASIN_GLOBAL const real *data) {
  const int item = BASIN_GROUP * BASIN_GROUP_SIZE + BASIN_ITEM;
  const wide items = (wide)BASIN_GROUPS * BASIN_GROUP_SIZE;
  const int zero = control[WORK_ZERO];
  TEAM_MEMORY int board[TEAM_BOARD];
#if BASIN_STAGE
  TEAM_MEMORY BASIN_ALIGNED(16) real stage[CONV_ROOM];
#endif
#if BASIN_SOURCE != CONV_OWN
  TEAM_MEMORY real seen[BASIN_CHUNK * BASIN_K];
#endif
  CONV_OUTPUT_ROOM(weights_of_group)
  CONV_OUTPUT_ROOM(gradients_of_group)
  CONV_OUTPUT_ROOM(hidden_of_group)
  CONV_OUTPUT_ARRAY(a, weights_of_group);
  reals v[BASIN_P * WORK_VECTORS];
  work kept;
  work_lanes lanes;
  work_resume(&kept, &lanes, kept_ints, item, items);
  if (TEAM_ITEM == 0) {
    team_put(&kept, board);
  }
  word team_step = (word)kept_ints[(WORK_KEPT_OWNER - 1) * items + item];
  BASIN_UNROLL(BASIN_VECTORS)
  for (int i = 0; i < WORK_RESTARTS; i++) {
    BASIN_GLOBAL const real *from = kept_reals + KEPT_REALS * i * items + item;
    BASIN_UNROLL(BASIN_UNROLL_FILTER)
    for (int n = 0; n < BASIN_P; n++) {
      WORK_REAL(v + n * WORK_VECTORS, i) = from[n * items];
    }
    BASIN_UNROLL(BASIN_UNROLL_OUTPUT)
    for (int j = 0; j < BASIN_K; j++) {
      CONV_WEIGHT(a, j, i) = from[(BASIN_P + j) * items];
    }
  }
  int more = 1;

  for (int left = control[WORK_ITERATIONS]; left > 0; left--) {
    int busy = team_any_active(&lanes, board);
    work own = team_own(board);
    int next = board[TEAM_NEXT];
    if (!busy && next >= own.end && more) {
      more = team_take(board, control, table);
      own = team_own(board);
      next = board[TEAM_NEXT];
      team_step = 0;
    }
    if (!busy && next >= own.end) {
      break;
    }
    TEAM_BARRIER();
    BASIN_GLOBAL const int *cell = cell_ints + own.cell * CONV_INTS;
    BASIN_GLOBAL const real *teacher = vectors + cell[CONV_VECTORS];
    if (next < own.end) {
      BASIN_UNROLL(WORK_VECTORS)
      for (int i = 0; i < WORK_VECTORS; i++) {
        integers fresh = 0;
        integers idle = lanes.active[i] == 0;
        BASIN_UNROLL(1)
        for (int l = 0; l < BASIN_WIDTH; l++) {
          if (WORK_LANE(&idle, l)) {
            int offset = TEAM_ADD(&board[TEAM_NEXT], 1);
            if (offset < own.end) {
              work_start_lane(&lanes, i * BASIN_WIDTH + l, offset);
              WORK_LANE(&fresh, l) = -1;
            }
          }
        }
        if (!BASIN_ANY(fresh)) {
          continue;
        }
        words index;
        streams of_start = conv_streams(own, &lanes, i, cell, CONV_START_SHARE, &index);
        reals start_filter[BASIN_P], start_output[BASIN_K];
        conv_start_weights(of_start, index, conv_read(cell_reals, own.cell).start_radius,
            CONV_UNIT_FILTER(teacher), CONV_MEAN_AXIS(teacher, BASIN_P),
            CONV_CONTRAST_AXIS(teacher, BASIN_P), start_filter, start_output);
        BASIN_UNROLL(BASIN_UNROLL_FILTER)
        for (int m = 0; m < BASIN_P; m++) {
          int at = m * WORK_VECTORS + i;
          v[at] = fresh ? start_filter[m + zero] : v[at];
        }
        BASIN_UNROLL(BASIN_UNROLL_OUTPUT)
        for (int j = 0; j < BASIN_K; j++) {
          int at = j * BASIN_OUTPUT_STRIDE + i;
#if BASIN_LEARNED
          reals weight = start_output[j + zero];
#else
          reals weight = CONV_OUTPUT(teacher, BASIN_P)[j];
#endif
          a[at] = fresh ? weight : a[at];
        }
      }
    }

    reals per_norm[WORK_VECTORS], squares[WORK_VECTORS];
    BASIN_UNROLL(WORK_VECTORS)
    for (int i = 0; i < WORK_VECTORS; i++) {
      conv_state s;
      conv_beside_teacher(&s, i, v, CONV_UNIT_FILTER(teacher), zero);
      conv_geometry geometry = conv_measure(s.x, s.y, conv_read(cell_reals, own.cell));
#if BASIN_LEARNED
      per_norm[i] = 1 / geometry.norm;
#else
      per_norm[i] = 1;
#endif
#if BASIN_SOURCE != CONV_DATA
      conv_along_axes(
          &s, a + i, CONV_MEAN_AXIS(teacher, BASIN_P), CONV_CONTRAST_AXIS(teacher, BASIN_P), zero);
      const conv_cell c = conv_read(cell_reals, own.cell);
#if BASIN_OVERLAPS
      reals loss = 0; /* the host's to say */
#else
      reals loss = conv_population_loss(s, geometry, c);
#endif
      conv_settle(&lanes, i, s, geometry, c, loss, conv_end(s, geometry, c), cell[CONV_MAX_STEPS], control,
          sampled, samples, item CONV_FILTER_NOTED(v));
      if (BASIN_ANY(lanes.active[i] != 0 && lanes.outcome[i] != 0)) {
        conv_write(own, &lanes, i, s, loss, control, record_ints, record_reals, samples, item
            CONV_FILTER_NOTED(v));
      }
      lanes.outcome[i] = 0;
#endif
    }
    CONV_OUTPUT_ARRAY(output_gradient, gradients_of_group);
    CONV_OUTPUT_ARRAY(hidden, hidden_of_group);
    reals filter_gradient[BASIN_P * WORK_VECTORS];
    conv_gather(&lanes, own, cell, teacher, team_step, v, per_norm, CONV_SLOPE(conv_read(cell_reals, own.cell)), a,
        hidden, filter_gradient, output_gradient, squares, zero
#if BASIN_SOURCE != CONV_OWN
        , seen
#endif
#if BASIN_STAGE
        , stage
#endif
#if BASIN_SOURCE == CONV_DATA
        , data
#endif
        );
    own = team_own(board);
    cell = cell_ints + own.cell * CONV_INTS;
    teacher = vectors + cell[CONV_VECTORS];
    const int batch = cell[CONV_BATCH];
    BASIN_UNROLL(WORK_VECTORS)
    for (int i = 0; i < WORK_VECTORS; i++) {
      const conv_cell c = conv_read(cell_reals, own.cell);
      reals squared_gradient = conv_finish_gradient(i, v, per_norm[i], batch, filter_gradient, output_gradient);
#if BASIN_SOURCE == CONV_DATA
      conv_state s;
      conv_beside_teacher(&s, i, v, CONV_UNIT_FILTER(teacher) + zero, zero);
      conv_geometry geometry = conv_measure(s.x, s.y, c);
      conv_along_axes(
          &s, a + i, CONV_MEAN_AXIS(teacher, BASIN_P), CONV_CONTRAST_AXIS(teacher, BASIN_P), zero);
      int set = (int)(work_restart(own, 0) % (wide)cell[CONV_DATA_SETS]);
      real zero_loss = CONV_ZERO_LOSS(teacher, BASIN_P)[set];
      reals norm = BASIN_SQRT(squared_gradient);
      reals start_norm;
      BASIN_UNROLL(1)
      for (int l = 0; l < BASIN_WIDTH; l++) {
        BASIN_GLOBAL real *first =
            kept_reals + (KEPT_REALS * (i * BASIN_WIDTH + l + 1) - 1) * items + item;
        if (WORK_LANE(&lanes.step[i], l) == 0) {
          *first = WORK_REAL(&norm, l);
        }
        WORK_REAL(&start_norm, l) = *first;
      }
#if BASIN_LEARNED
      reals loss = squares[i] * (BASIN_REAL(0.5) / batch);
#else
      reals loss = squares[i] * (BASIN_REAL(1.0) / batch);
#endif
      integers end = norm <= start_norm * c.gradient ? (integers)(CONV_SPURIOUS) : (integers)(CONV_UNDECIDED);
      end = loss <= c.loss * zero_loss ? (integers)(CONV_GLOBAL) : end;
      end = conv_diverged(s, geometry.squared_norm, c) ? (integers)(CONV_DIVERGED) : end;
      conv_settle(
          &lanes, i, s, geometry, c, loss, end, cell[CONV_MAX_STEPS], control, sampled, samples, item
          CONV_FILTER_NOTED(v));
      if (BASIN_ANY(lanes.active[i] != 0 && lanes.outcome[i] != 0)) {
        conv_write(own, &lanes, i, s, loss, control, record_ints, record_reals, samples, item
            CONV_FILTER_NOTED(v));
      }
      lanes.outcome[i] = 0;
#endif
      integers open = conv_open(&lanes, i);
      optimizer_scales o = optimizer_at(lanes.step[i], c);
      BASIN_GLOBAL real *memory =
          kept_reals + (KEPT_REALS * items + item) * WORK_RESTARTS + i * BASIN_WIDTH;
      const wide apart = items * WORK_RESTARTS;
      BASIN_UNROLL(BASIN_UNROLL_FILTER)
      for (int m = 0; m < BASIN_P; m++) {
        int at = m * WORK_VECTORS + i;
        BASIN_GLOBAL real *of = memory + m * OPTIMIZER_NUMBERS * apart;
        v[at] = open ? optimizer_step(v[at], filter_gradient[at], o, of, apart) : v[at];
      }
#if BASIN_LEARNED
      BASIN_UNROLL(BASIN_UNROLL_OUTPUT)
      for (int j = 0; j < BASIN_K; j++) {
        int at = j * BASIN_OUTPUT_STRIDE + i;
        BASIN_GLOBAL real *of = memory + (BASIN_P + j) * OPTIMIZER_NUMBERS * apart;
        a[at] = open ? optimizer_step(a[at], output_gradient[at], o, of, apart) : a[at];
      }
#endif
      lanes.step[i] = open ? lanes.step[i] + 1 : lanes.step[i];
    }
    team_step++;
#if BASIN_SAMPLES
    if (control[WORK_GRADIENT]) {
      /* Which lane has the only restart, and so a sample of it, depends on who came first. */
      for (int i = 0; i < WORK_RESTARTS; i++) {
        for (int n = 0; WORK_LANE(lanes.sample, i) && n < BASIN_P; n++) {
          samples[n] = WORK_REAL(filter_gradient + n * WORK_VECTORS, i);
        }
        for (int j = 0; WORK_LANE(lanes.sample, i) && j < BASIN_K; j++) {
          samples[BASIN_P + j] = CONV_WEIGHT(output_gradient, j, i);
        }
      }
      break;
    }
#endif
  }

  kept = team_own(board);
  kept.next = board[TEAM_NEXT] < kept.end ? board[TEAM_NEXT] : kept.end;
  const int kept_item = item | zero;
  const wide kept_items = (wide)(BASIN_GROUPS | zero) * BASIN_GROUP_SIZE;
  work_keep(&kept, &lanes, kept_ints, kept_item, kept_items);
  kept_ints[(WORK_KEPT_OWNER - 1) * kept_items + kept_item] = (int)team_step;
  BASIN_UNROLL(BASIN_VECTORS)
  for (int i = 0; i < WORK_RESTARTS; i++) {
    BASIN_GLOBAL real *to = kept_reals + KEPT_REALS * i * kept_items + kept_item;
    BASIN_UNROLL(BASIN_UNROLL_FILTER)
    for (int n = 0; n < BASIN_P; n++) {
      to[n * kept_items] = WORK_REAL(v + n * WORK_VECTORS, i);
    }
    BASIN_UNROLL(BASIN_UNROLL_OUTPUT)
    for (int j = 0; j < BASIN_K; j++) {
      to[(BASIN_P + j) * kept_items] = CONV_WEIGHT(a, j, i);
    }
  }
}
