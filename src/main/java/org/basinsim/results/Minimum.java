package org.basinsim.results;

/**
 * A minimum at which spurious restarts of a cell ended: a row of {@code /minima}.
 *
 * @param cell number of the cell
 * @param count restarts that ended there, at least 1
 * @param loss at the end of the first of them; not a number where losses are not recorded
 * @param position at the end of the first of them; not a number beyond the cell's own length
 */
public record Minimum(int cell, long count, double loss, double[] position) {}
