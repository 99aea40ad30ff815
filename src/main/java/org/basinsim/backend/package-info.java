/**
 * The outer seam: a backend takes experiments and returns outcomes. Interfaces and records only;
 * only immutable values cross, no buffer, stream or thread does.
 *
 * <p>How to get one: {@code cli.Backends}, the composition root, opens a backend by its device
 * name. What to do next: {@link org.basinsim.backend.Backend#prepare} the experiments and {@link
 * org.basinsim.backend.Trainer#train} ranges of restarts.
 */
package org.basinsim.backend;
