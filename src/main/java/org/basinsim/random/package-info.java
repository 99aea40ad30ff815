/**
 * Random numbers that are a pure function of what they are for.
 *
 * <p>A draw is named by (key, stream, purpose, step, lane) and computed from that name alone by
 * Philox4x32-10, so no generator has a state, restarts can run anywhere in any order, and any of
 * them can be replayed alone. From bits to normals there is nothing but integer operations, add,
 * multiply, fused multiply-add, divide and square root, all of which IEEE 754 rounds in one way
 * only: the same numbers come out of the interpreter, of compiled code at every vector width, and
 * of every platform.
 *
 * <p>This is the plain scalar text. The vector lanes of the CPU backend give the same bits and the
 * kernels follow the same steps.
 */
package org.basinsim.random;
