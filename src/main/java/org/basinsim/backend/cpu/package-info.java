/**
 * The CPU backend: the reference's mathematics with restarts in the lanes of vector registers.
 *
 * <p>A restart's row depends on the experiment and its index alone, to the last bit. Therefore
 * arithmetic never crosses lanes, sums run in one order, functions are this project's own
 * polynomials of add, multiply, fused multiply-add, divide and square root, and a finished
 * restart's lane takes up the next restart at once without touching its neighbours.
 *
 * <p>Loops that exist in both precisions are written in single precision, {@code Float*Descent} and
 * {@code Float*Tile}; the build derives the double twins from their text. What differs between
 * precisions is written by hand in {@code FloatLanes} and {@code DoubleLanes}.
 */
package org.basinsim.backend.cpu;
