/*
 * From gradients g to steps of a weight w, each weight by itself: what org.basinsim.model.conv.Optimizer states.
 * BASIN_OPTIMIZER: 0 plain steps, w <- w - eta g. 1 momentum: m <- mu m + g, w <- w - eta m. 2 AdaGrad: s <- s + g^2,
 * w <- w - eta g / (sqrt s + epsilon). 3 Adam, at step t = 1, 2, ...: m <- b1 m + (1 - b1) g, s <- b2 s + (1 - b2) g^2,
 * w <- w - eta m / (1 - b1^t) / (sqrt(s / (1 - b2^t)) + epsilon).
 *
 * m and s of a weight, as far as there are any, lie in the device's memory: a step reads and writes them once, where
 * its inputs take far longer, and has registers left for these. Nothing in there counts before a restart's first step.
 */

/* Whether there are m and s, and numbers of a weight. */
#define OPTIMIZER_MEAN (BASIN_OPTIMIZER == 1 || BASIN_OPTIMIZER == 3)
#define OPTIMIZER_SQUARE (BASIN_OPTIMIZER == 2 || BASIN_OPTIMIZER == 3)
#define OPTIMIZER_NUMBERS (OPTIMIZER_MEAN + OPTIMIZER_SQUARE)

/* What the weights of a vector of restarts have in common at a step. */
typedef struct {
  integers first;  /* whether it is a restart's first */
  reals step_size; /* eta; Adam: eta / (1 - b1^t) */
#if OPTIMIZER_MEAN
  real keep_mean, take_mean;
#endif
#if OPTIMIZER_SQUARE
  reals square; /* 1; Adam: 1 / (1 - b2^t) */
  real keep_square, take_square, epsilon;
#endif
} optimizer_scales;

/* At step `step`, from 0. By 1 - b^t = -(e^(t ln b) - 1), which is accurate for b near 1, too. */
BASIN_FUNCTION optimizer_scales optimizer_at(integers step, conv_cell c) {
  optimizer_scales o;
  o.first = step == 0;
  o.step_size = (reals)(c.step_size);
#if OPTIMIZER_MEAN
  o.keep_mean = c.keep_mean;
  o.take_mean = c.take_mean;
#endif
#if OPTIMIZER_SQUARE
  o.square = (reals)(BASIN_REAL(1.0));
  o.keep_square = c.keep_square;
  o.take_square = c.take_square;
  o.epsilon = c.epsilon;
#endif
#if BASIN_OPTIMIZER == 3
  reals t = BASIN_TO_REALS(BASIN_TO_SIGNED(BASIN_NARROW(step))) + 1;
  o.step_size = -c.step_size / elementary_expm1(t * c.log_mean);
  o.square = -1 / elementary_expm1(t * c.log_square);
#endif
  return o;
}

/* Plain steps are a multiply-add, the others a function: unrolled, their quotients would take all registers. */
#if BASIN_OPTIMIZER
#define OPTIMIZER_FUNCTION BASIN_CALLED
#else
#define OPTIMIZER_FUNCTION BASIN_FUNCTION
#endif

/*
 * A weight after its step.
 *
 * memory: its first number for the first of a vector's restarts, the others after it; its second number is `apart`
 * further on.
 */
OPTIMIZER_FUNCTION reals optimizer_step(
    reals weight, reals gradient, optimizer_scales o, BASIN_GLOBAL real *memory, wide apart) {
  reals change = gradient;
#if OPTIMIZER_MEAN
  reals mean = o.first ? (reals)(0) : BASIN_LOAD(memory);
  change = BASIN_FMA(mean, (reals)(o.keep_mean), gradient * o.take_mean);
  BASIN_STORE(change, memory);
  memory += apart;
#endif
#if OPTIMIZER_SQUARE
  reals square = o.first ? (reals)(0) : BASIN_LOAD(memory);
  square = BASIN_FMA(square, (reals)(o.keep_square), gradient * gradient * o.take_square);
  BASIN_STORE(square, memory);
  change = change / (BASIN_SQRT(square * o.square) + o.epsilon);
#endif
  return BASIN_FMA(-change, o.step_size, weight);
}
