/* Output weights along the teacher's axes: mean, contrast and the norm of the rest. */
BASIN_FUNCTION void conv_along_axes(
    conv_state *s, BASIN_OUTPUT_SPACE const reals *a, BASIN_GLOBAL const real *mean_axis,
    BASIN_GLOBAL const real *contrast_axis, int zero) {
#if BASIN_LEARNED
  reals mean = 0, contrast = 0, rest = 0;
  BASIN_UNROLL(BASIN_UNROLL_OUTPUT)
  for (int j = 0; j < BASIN_K; j++) {
    mean = BASIN_FMA(a[j * BASIN_OUTPUT_STRIDE], (reals)(mean_axis[j]), mean);
    contrast = BASIN_FMA(a[j * BASIN_OUTPUT_STRIDE], (reals)(contrast_axis[j]), contrast);
  }
  mean_axis += zero;
  contrast_axis += zero;
  BASIN_UNROLL(BASIN_UNROLL_OUTPUT)
  for (int j = 0; j < BASIN_K; j++) {
    reals left = BASIN_FMA(-mean, (reals)(mean_axis[j]), a[j * BASIN_OUTPUT_STRIDE]);
    left = BASIN_FMA(-contrast, (reals)(contrast_axis[j]), left);
    rest = BASIN_FMA(left, left, rest);
  }
  s->mean = mean;
  s->contrast = contrast;
  s->rest = BASIN_SQRT(rest);
#else
  s->mean = s->contrast = s->rest = 0;
#endif
}

/*
 * Arrays over output weights: registers or local memory, or shared memory striped by work-item, whose room a kernel
 * declares outside its loops.
 */
#if BASIN_OUTPUT_SHARED
#define CONV_OUTPUT_ROOM(room) BASIN_SHARED reals room[BASIN_K * BASIN_OUTPUT_STRIDE];
#define CONV_OUTPUT_ARRAY(name, room) BASIN_SHARED_POINTER reals *name = room + BASIN_ITEM * WORK_VECTORS
#else
#define CONV_OUTPUT_ROOM(room)
#define CONV_OUTPUT_ARRAY(name, room) reals name[BASIN_K * BASIN_OUTPUT_STRIDE]
#endif

/* Weight j of restart i of a work-item. */
#define CONV_WEIGHT(array, j, i) \
  (((BASIN_OUTPUT_SPACE real *)((array) + (j) * BASIN_OUTPUT_STRIDE))[i])

/* Parts of a cell's `vectors`. */
#define CONV_UNIT_FILTER(vectors) (vectors)
#define CONV_FILTER(vectors, p) ((vectors) + (p))
#define CONV_OUTPUT(vectors, p) ((vectors) + 2 * (p))
#define CONV_SCALED_OUTPUT(vectors, p) ((vectors) + 2 * (p) + BASIN_K)
#define CONV_MEAN_AXIS(vectors, p) ((vectors) + 2 * (p) + 2 * BASIN_K)
#define CONV_CONTRAST_AXIS(vectors, p) ((vectors) + 2 * (p) + 3 * BASIN_K)
#define CONV_ZERO_LOSS(vectors, p) ((vectors) + 2 * (p) + 4 * BASIN_K) /* of each data set */
