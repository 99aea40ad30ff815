/*
 * A batch of restarts of over-parameterized networks side by side: what comes between the products
 * of matrices, one launch each. As many groups work on each restart; the number says which layer, of
 * deep_judge which step since losses were last read, or which seed.
 */

#define DEEP_RESTART (BASIN_GROUP % shape[DEEP_RESTARTS])
#define DEEP_PART (BASIN_GROUP / shape[DEEP_RESTARTS])
#define DEEP_PARTS (BASIN_GROUPS / shape[DEEP_RESTARTS])
#define DEEP_GROUP BASIN_GROUP_OF(BASIN_GROUP_SIZE)
/* Left to itself nvcc makes do with 32 registers, and spills. */
#define DEEP_ROOMY_GROUP BASIN_GROUPS_OF(BASIN_GROUP_SIZE, 8)
#define DEEP_HERE deep_of(DEEP_RESTART, DEEP_NAMES)

BASIN_KERNEL DEEP_ROOMY_GROUP void unfold(DEEP_PARAMETERS) {
  deep_unfold(DEEP_HERE, number[0], DEEP_PART, DEEP_PARTS);
}

BASIN_KERNEL DEEP_GROUP void fold(DEEP_PARAMETERS) {
  deep_fold(DEEP_HERE, number[0], DEEP_PART, DEEP_PARTS);
}

BASIN_KERNEL DEEP_GROUP void activate(DEEP_PARAMETERS) {
  deep_activate(DEEP_HERE, number[0], DEEP_PART, DEEP_PARTS);
}

BASIN_KERNEL DEEP_GROUP void output(DEEP_PARAMETERS) {
  deep_output(DEEP_HERE, DEEP_PART, DEEP_PARTS);
}

BASIN_KERNEL DEEP_GROUP void residuals(DEEP_PARAMETERS) {
  deep_residuals(DEEP_HERE, DEEP_PART, DEEP_PARTS);
}

/* A work-item a restart. */
BASIN_KERNEL DEEP_GROUP void judge(DEEP_PARAMETERS) {
  int restart = BASIN_GROUP * BASIN_GROUP_SIZE + BASIN_ITEM;
  if (restart < shape[DEEP_RESTARTS] && !idle[restart]) {
    deep_judge(deep_of(restart, DEEP_NAMES), number[0]);
  }
}

BASIN_KERNEL DEEP_ROOMY_GROUP void seed(DEEP_PARAMETERS) {
  deep_seed(DEEP_HERE, number[0], DEEP_PART, DEEP_PARTS);
}

BASIN_KERNEL DEEP_GROUP void sensitivities(DEEP_PARAMETERS) {
  deep_sensitivities(DEEP_HERE, number[0], DEEP_PART, DEEP_PARTS);
}

BASIN_KERNEL DEEP_GROUP void output_step(DEEP_PARAMETERS) {
  deep_output_step(DEEP_HERE, number[0], DEEP_PART, DEEP_PARTS);
}

BASIN_KERNEL DEEP_GROUP void gram(DEEP_PARAMETERS) {
  deep_gram(DEEP_HERE, number[0], DEEP_PART, DEEP_PARTS);
}
