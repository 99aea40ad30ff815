package org.basinsim.model.conv;

/**
 * All that a noisy step can see of a displacement (ξ, ε) of a student, in the axes of {@link
 * ConvState}.
 *
 * @param x component of ξ along w*
 * @param y component of ξ along the filter's part beside w*
 * @param across norm of what is left of ξ
 * @param mean component of ε along the teacher's mean axis
 * @param contrast component of ε along the teacher's contrast axis
 * @param rest component of ε along the part of the output weights beside both axes
 * @param beside norm of what is left of ε
 */
public record Perturbation(
    double x, double y, double across, double mean, double contrast, double rest, double beside) {}
