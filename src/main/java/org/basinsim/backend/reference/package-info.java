/**
 * The reference backend: scalar doubles, one thread, written to read like the papers. It is the
 * arbiter of every other backend, and ships so that {@code replay} can use it. Clarity is its goal;
 * speed is not.
 */
package org.basinsim.backend.reference;
