/*
 * Restarts of narrow over-parameterized networks: a group by itself takes one through many steps,
 * products of matrices included, so that nothing is launched in between. The same functions as in
 * train_deep.c and gemm.c in the same order: the same bits.
 *
 * No barrier is in a branch, where some compilers for processors lose it: what is not to be done has
 * no parts.
 *
 * number: losses to note, and whether a step follows the last of them.
 */

#if BASIN_GROUP_SIZE > 1
#define DEEP_WAIT() BASIN_GLOBAL_BARRIER()
#else
#define DEEP_WAIT()
#endif

BASIN_FUNCTION gemm_form deep_form(int rows, int columns, int inner) {
  gemm_form form;
  form.rows = rows;
  form.columns = columns;
  form.inner = inner;
  form.a_transposed = 0;
  form.b_transposed = 0;
  form.accumulate = 0;
  return form;
}

BASIN_FUNCTION void deep_product(gemm_form form, int parts, BASIN_GLOBAL const real *a,
    BASIN_GLOBAL const real *b, BASIN_GLOBAL real *c, GEMM_POINTER real *room) {
  for (int part = 0; part < parts; part++) {
    gemm_part(form, part, a, b, c, room);
  }
  DEEP_WAIT();
}

/* Phi_h, in the scratch where it is not X_(h-1) itself. */
BASIN_FUNCTION BASIN_GLOBAL const real *deep_phi(deep_restart d, int h) {
  if (d.window > 1) {
    deep_unfold(d, h, 0, 1);
  }
  DEEP_WAIT();
  return d.window > 1 ? d.scratch : deep_x(d, h - 1);
}

BASIN_FUNCTION void deep_forward(deep_restart d, GEMM_POINTER real *room) {
  for (int h = 1; h <= d.depth; h++) {
    gemm_form form = deep_form(d.rows, d.width, d.window * deep_channels(d, h - 1));
    form.b_transposed = 1;
    deep_product(form, gemm_parts(form), deep_phi(d, h), d.weights + deep_layer(d, h),
        d.slopes + deep_state(d, h), room);
    deep_activate(d, h, 0, 1);
    DEEP_WAIT();
  }
  deep_output(d, 0, 1);
  DEEP_WAIT();
  deep_residuals(d, 0, 1);
  DEEP_WAIT();
}

/* B_(h-1), which layer 1 needs no more. */
BASIN_FUNCTION void deep_return(deep_restart d, int h, GEMM_POINTER real *room) {
  gemm_form form = deep_form(d.rows, d.window * d.width, d.width);
  form.accumulate = d.window == 1 && deep_skips(d, h);
  deep_product(form, h > 1 ? gemm_parts(form) : 0, d.slopes + deep_state(d, h),
      d.weights + deep_layer(d, h), d.window == 1 ? d.back : d.scratch, room);
  if (d.window > 1 && h > 1) {
    deep_fold(d, h, 0, 1);
  }
  DEEP_WAIT();
}

/* One step through so many layers: all, or none. */
BASIN_FUNCTION void deep_backward(
    deep_restart d, int layers, GEMM_POINTER real *room) {
  deep_seed(d, DEEP_STEP, 0, 1);
  DEEP_WAIT();
  if (layers > 0 && d.shape[DEEP_TRAINS_OUTPUT]) {
    deep_output_step(d, DEEP_STEP, 0, 1);
  }
  DEEP_WAIT();
  for (int h = layers; h >= 1; h--) {
    deep_sensitivities(d, h, 0, 1);
    DEEP_WAIT();
    deep_return(d, h, room);
    gemm_form form = deep_form(d.width, d.window * deep_channels(d, h - 1), d.rows);
    form.a_transposed = 1;
    form.accumulate = 1;
    deep_product(form, gemm_parts(form), d.slopes + deep_state(d, h), deep_phi(d, h),
        d.weights + deep_layer(d, h), room);
  }
}

BASIN_KERNEL BASIN_GROUPS_OF(BASIN_GROUP_SIZE, 6) void train_deep_fused(DEEP_PARAMETERS) {
  GEMM_ROOM(room);
  deep_restart d = deep_of(BASIN_GROUP, DEEP_NAMES);
  /* A group that has ended leaves through the loop's condition: no barrier is behind a branch. */
  for (int t = 0; t < number[0] && !*d.idle; t++) {
    deep_forward(d, room);
    if (BASIN_ITEM == 0) {
      deep_judge(d, t);
    }
    DEEP_WAIT();
    int steps = !*d.idle && (t + 1 < number[0] || number[1]);
    deep_backward(d, steps ? d.depth : 0, room);
  }
}
