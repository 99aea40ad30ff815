/*
 * One product of matrices for each restart of a batch: see gemm.h. A group fills one part of one
 * restart's C.
 *
 * call: rows, columns, inner, whether A and B are transposed, whether C is added to; restarts; then,
 * two words each, the lower first, where the first matrix begins and how far on the next restart's
 * is, of A, B, C. Restarts whose idle flag is set are left out.
 */

BASIN_FUNCTION wide gemm_number(BASIN_GLOBAL const int *call, int at) {
  return (wide)(word)call[at] | (wide)(word)call[at + 1] << 32;
}

BASIN_KERNEL BASIN_GROUP_OF(GEMM_GROUP) void gemm(BASIN_GLOBAL const int *call,
    BASIN_GLOBAL const int *idle, BASIN_GLOBAL const real *a, BASIN_GLOBAL const real *b,
    BASIN_GLOBAL real *c) {
  GEMM_ROOM(room);
  gemm_form form;
  form.rows = call[0];
  form.columns = call[1];
  form.inner = call[2];
  form.a_transposed = GEMM_A_TRANSPOSED;
  form.b_transposed = GEMM_B_TRANSPOSED;
  form.accumulate = call[5];
  int parts = gemm_parts(form);
  int restart = BASIN_GROUP / parts;
  if (idle[restart]) {
    return;
  }
  gemm_part(form, BASIN_GROUP % parts, a + (gemm_number(call, 7) + restart * gemm_number(call, 9)),
      b + (gemm_number(call, 11) + restart * gemm_number(call, 13)),
      c + (gemm_number(call, 15) + restart * gemm_number(call, 17)), room);
}
