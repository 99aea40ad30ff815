/**
 * Draws the starting point of a restart from its stream: the scalars that descent in reduced
 * coordinates needs, or the full vectors that go with the very same scalars. Scalar and in double,
 * shared by the backends, so that a restart starts at the same point on all of them.
 */
package org.basinsim.start;
