/*
 * A batch of restarts of over-parameterized networks side by side: what comes between the products
 * of matrices, one launch each. As many groups work on each restart; the number says which layer, of
 * deep_judge which step since losses were last read, or which seed.
 */

#define DEEP_RESTART (BASIN_GROUP % shape[DEEP_RESTARTS])
#define DEEP_PART (BASIN_GROUP / shape[DEEP_RESTARTS])
#define DEEP_PARTS (BASIN_GROUPS / shape[DEEP_RESTARTS])
#define DEEP_ENTRY(name) \
  BASIN_KERNEL BASIN_GROUP_OF(BASIN_GROUP_SIZE) void name(DEEP_PARAMETERS)
#define DEEP_HERE deep_of(DEEP_RESTART, DEEP_NAMES)

DEEP_ENTRY(unfold) { deep_unfold(DEEP_HERE, number[0], DEEP_PART, DEEP_PARTS); }

DEEP_ENTRY(fold) { deep_fold(DEEP_HERE, number[0], DEEP_PART, DEEP_PARTS); }

DEEP_ENTRY(activate) { deep_activate(DEEP_HERE, number[0], DEEP_PART, DEEP_PARTS); }

DEEP_ENTRY(output) { deep_output(DEEP_HERE, DEEP_PART, DEEP_PARTS); }

DEEP_ENTRY(residuals) { deep_residuals(DEEP_HERE, DEEP_PART, DEEP_PARTS); }

/* A work-item a restart. */
DEEP_ENTRY(judge) {
  int restart = BASIN_GROUP * BASIN_GROUP_SIZE + BASIN_ITEM;
  if (restart < shape[DEEP_RESTARTS] && !idle[restart]) {
    deep_judge(deep_of(restart, DEEP_NAMES), number[0]);
  }
}

DEEP_ENTRY(seed) { deep_seed(DEEP_HERE, number[0], DEEP_PART, DEEP_PARTS); }

DEEP_ENTRY(sensitivities) { deep_sensitivities(DEEP_HERE, number[0], DEEP_PART, DEEP_PARTS); }

DEEP_ENTRY(output_step) { deep_output_step(DEEP_HERE, number[0], DEEP_PART, DEEP_PARTS); }

DEEP_ENTRY(gram) { deep_gram(DEEP_HERE, number[0], DEEP_PART, DEEP_PARTS); }
