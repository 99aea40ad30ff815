/**
 * The vocabulary of the program: experiments, restarts, outcomes and the columns they are recorded
 * in. Immutable, free of input and output, and imported by everybody; it imports nothing of the
 * project itself.
 *
 * <p>Closed forms, critical points and thresholds of a system live in a sub-package of its own
 * ({@code conv}, {@code twolayer}), as scalar code that reads like the papers. Backends restate
 * only the step and its verdict.
 */
package org.basinsim.model;
