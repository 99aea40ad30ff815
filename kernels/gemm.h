/*
 * Products of matrices, row after row in memory: C += or = op(A) op(B), C rows x columns, with op
 * the matrix or its transpose.
 *
 *   C_ij = (((C_ij or 0) + a_i0 b_0j) + a_i1 b_1j) + ...
 *
 * one fused multiply-add after the other, in the order of the inner index: an entry has the same
 * bits however the work is cut, in both forms below, for any number of restarts.
 *
 * GEMM_EDGE 4 or 8: a group of 64 work-items fills a tile of C, each a block of GEMM_EDGE x
 * GEMM_EDGE of it in fours, from stretches of A and B in shared memory. GEMM_EDGE 0, for the wide
 * vectors of a processor: a work-item by itself fills a panel of C, two vectors wide, six rows at a
 * time, from a panel of B that it has put in order.
 */

/* Where a matrix lies and which way it is read. */
typedef struct {
  int rows, columns, inner;
  int a_transposed, b_transposed, accumulate;
} gemm_form;

#define GEMM_A(row, k) \
  a[form.a_transposed ? (wide)(k) * form.rows + (row) : (wide)(row) * form.inner + (k)]
#define GEMM_B(k, column) \
  b[form.b_transposed ? (wide)(column) * form.inner + (k) : (wide)(k) * form.columns + (column)]
#define GEMM_C(row, column) c[(wide)(row) * form.columns + (column)]

#if GEMM_EDGE

#define GEMM_GROUP 64
#define GEMM_TILE (8 * GEMM_EDGE)
#define GEMM_STRETCH 16
/* Room for what a group has put in order: GEMM_ROOM, declared by the kernel. */
#define GEMM_POINTER BASIN_SHARED_POINTER
#define GEMM_ROOM(name) BASIN_SHARED real BASIN_ALIGNED(64) name[2 * GEMM_STRETCH * GEMM_TILE]

/* Tiles of C. */
BASIN_FUNCTION int gemm_parts(gemm_form form) {
  return (form.rows + GEMM_TILE - 1) / GEMM_TILE * ((form.columns + GEMM_TILE - 1) / GEMM_TILE);
}

/* Place i of a work-item's block in the tile: fours of neighbours, 32 apart. */
BASIN_FUNCTION int gemm_place(int block, int i) { return block * 4 + i % 4 + i / 4 * 32; }

/* Fills tile `part`. Ends with the group in step. */
BASIN_FUNCTION void gemm_part(gemm_form form, int part, BASIN_GLOBAL const real *a,
    BASIN_GLOBAL const real *b, BASIN_GLOBAL real *c, GEMM_POINTER real *room) {
  int across = (form.columns + GEMM_TILE - 1) / GEMM_TILE;
  int row = part / across * GEMM_TILE;
  int column = part % across * GEMM_TILE;
  int down = BASIN_ITEM / 8;
  int right = BASIN_ITEM % 8;
  GEMM_POINTER real *left = room;
  GEMM_POINTER real *top = room + GEMM_STRETCH * GEMM_TILE;
  real sums[GEMM_EDGE][GEMM_EDGE];
  BASIN_UNROLL(GEMM_EDGE)
  for (int i = 0; i < GEMM_EDGE; i++) {
    BASIN_UNROLL(GEMM_EDGE)
    for (int j = 0; j < GEMM_EDGE; j++) {
      int at_row = row + gemm_place(down, i);
      int at_column = column + gemm_place(right, j);
      int kept = form.accumulate && at_row < form.rows && at_column < form.columns;
      sums[i][j] = kept ? GEMM_C(at_row, at_column) : BASIN_REAL(0.0);
    }
  }
  for (int k = 0; k < form.inner; k += GEMM_STRETCH) {
    /* Neighbours in the group read neighbours in memory. */
    BASIN_UNROLL(1)
    for (int e = BASIN_ITEM; e < GEMM_STRETCH * GEMM_TILE; e += GEMM_GROUP) {
      int depth = form.a_transposed ? e / GEMM_TILE : e % GEMM_STRETCH;
      int place = form.a_transposed ? e % GEMM_TILE : e / GEMM_STRETCH;
      int inside = k + depth < form.inner && row + place < form.rows;
      real entry = GEMM_A(inside ? row + place : 0, inside ? k + depth : 0);
      left[depth * GEMM_TILE + place] = inside ? entry : BASIN_REAL(0.0);
    }
    BASIN_UNROLL(1)
    for (int e = BASIN_ITEM; e < GEMM_STRETCH * GEMM_TILE; e += GEMM_GROUP) {
      int depth = form.b_transposed ? e % GEMM_STRETCH : e / GEMM_TILE;
      int place = form.b_transposed ? e / GEMM_STRETCH : e % GEMM_TILE;
      int inside = k + depth < form.inner && column + place < form.columns;
      real entry = GEMM_B(inside ? k + depth : 0, inside ? column + place : 0);
      top[depth * GEMM_TILE + place] = inside ? entry : BASIN_REAL(0.0);
    }
    BASIN_BARRIER();
    for (int depth = 0; depth < GEMM_STRETCH; depth++) {
      real from_left[GEMM_EDGE], from_top[GEMM_EDGE];
      BASIN_UNROLL(GEMM_EDGE)
      for (int i = 0; i < GEMM_EDGE; i++) {
        from_left[i] = left[depth * GEMM_TILE + gemm_place(down, i)];
        from_top[i] = top[depth * GEMM_TILE + gemm_place(right, i)];
      }
      BASIN_UNROLL(GEMM_EDGE)
      for (int i = 0; i < GEMM_EDGE; i++) {
        BASIN_UNROLL(GEMM_EDGE)
        for (int j = 0; j < GEMM_EDGE; j++) {
          sums[i][j] = BASIN_FMA(from_left[i], from_top[j], sums[i][j]);
        }
      }
    }
    BASIN_BARRIER();
  }
  BASIN_UNROLL(GEMM_EDGE)
  for (int i = 0; i < GEMM_EDGE; i++) {
    BASIN_UNROLL(GEMM_EDGE)
    for (int j = 0; j < GEMM_EDGE; j++) {
      int at_row = row + gemm_place(down, i);
      int at_column = column + gemm_place(right, j);
      if (at_row < form.rows && at_column < form.columns) {
        GEMM_C(at_row, at_column) = sums[i][j];
      }
    }
  }
}

#else

#define GEMM_GROUP 1
#define GEMM_PANEL (2 * BASIN_WIDTH)
#define GEMM_ROWS 6
#define GEMM_STRETCH 128
/* On the stack: of local memory PoCL has given two threads the same. */
#define GEMM_POINTER
#define GEMM_ROOM(name) real BASIN_ALIGNED(64) name[GEMM_STRETCH * GEMM_PANEL]

/* Panels of C. */
BASIN_FUNCTION int gemm_parts(gemm_form form) {
  return (form.columns + GEMM_PANEL - 1) / GEMM_PANEL;
}

/* Two vectors of a row of C; zeros beyond its end. */
BASIN_FUNCTION void gemm_read(BASIN_GLOBAL const real *from, int count, reals *low, reals *high) {
  if (count >= GEMM_PANEL) {
    *low = BASIN_LOAD(from);
    *high = BASIN_LOAD(from + BASIN_WIDTH);
    return;
  }
  real edge[GEMM_PANEL];
  for (int j = 0; j < GEMM_PANEL; j++) {
    edge[j] = j < count ? from[j] : BASIN_REAL(0.0);
  }
  *low = BASIN_LOAD(edge);
  *high = BASIN_LOAD(edge + BASIN_WIDTH);
}

BASIN_FUNCTION void gemm_write(BASIN_GLOBAL real *to, int count, reals low, reals high) {
  if (count >= GEMM_PANEL) {
    BASIN_STORE(low, to);
    BASIN_STORE(high, to + BASIN_WIDTH);
    return;
  }
  real edge[GEMM_PANEL];
  BASIN_STORE(low, edge);
  BASIN_STORE(high, edge + BASIN_WIDTH);
  for (int j = 0; j < count; j++) {
    to[j] = edge[j];
  }
}

/* Puts a stretch of B's panel in order: rows of GEMM_PANEL, zeros beyond the columns. */
BASIN_FUNCTION void gemm_pack(gemm_form form, int k, int depths, int column,
    BASIN_GLOBAL const real *b, GEMM_POINTER real *packed) {
  int count = form.columns - column < GEMM_PANEL ? form.columns - column : GEMM_PANEL;
  for (int depth = 0; depth < depths; depth++) {
    for (int j = 0; j < GEMM_PANEL; j++) {
      packed[depth * GEMM_PANEL + j] =
          j < count ? GEMM_B(k + depth, column + j) : BASIN_REAL(0.0);
    }
  }
}

/* Fills panel `part`. */
BASIN_FUNCTION void gemm_part(gemm_form form, int part, BASIN_GLOBAL const real *a,
    BASIN_GLOBAL const real *b, BASIN_GLOBAL real *c, GEMM_POINTER real *room) {
  int column = part * GEMM_PANEL;
  int count = form.columns - column;
  wide along = form.a_transposed ? form.rows : 1;
  for (int k = 0; k < form.inner; k += GEMM_STRETCH) {
    int depths = form.inner - k < GEMM_STRETCH ? form.inner - k : GEMM_STRETCH;
    gemm_pack(form, k, depths, column, b, room);
    for (int row = 0; row < form.rows; row += GEMM_ROWS) {
      /* Rows beyond the last stand for the last, and are not kept. */
      BASIN_GLOBAL const real *from[GEMM_ROWS];
      reals low[GEMM_ROWS], high[GEMM_ROWS];
      BASIN_UNROLL(GEMM_ROWS)
      for (int i = 0; i < GEMM_ROWS; i++) {
        int at = row + i < form.rows ? row + i : form.rows - 1;
        from[i] = &GEMM_A(at, k);
        low[i] = high[i] = (reals)(BASIN_REAL(0.0));
        if (k > 0 || form.accumulate) {
          gemm_read(&GEMM_C(at, column), count, &low[i], &high[i]);
        }
      }
      for (int depth = 0; depth < depths; depth++) {
        reals top_low = BASIN_LOAD(room + depth * GEMM_PANEL);
        reals top_high = BASIN_LOAD(room + depth * GEMM_PANEL + BASIN_WIDTH);
        BASIN_UNROLL(GEMM_ROWS)
        for (int i = 0; i < GEMM_ROWS; i++) {
          reals left = (reals)(from[i][depth * along]);
          low[i] = BASIN_FMA(left, top_low, low[i]);
          high[i] = BASIN_FMA(left, top_high, high[i]);
        }
      }
      BASIN_UNROLL(GEMM_ROWS)
      for (int i = 0; i < GEMM_ROWS; i++) {
        if (row + i < form.rows) {
          gemm_write(&GEMM_C(row + i, column), count, low[i], high[i]);
        }
      }
    }
  }
}

#endif
