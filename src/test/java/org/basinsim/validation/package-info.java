/**
 * Theorems and published tables, on the quickest backend that every machine has. Slow, and left out
 * by {@code scripts/test --fast}: every class is tagged {@code validation}. Seeds are fixed; each
 * class states its false-alarm probability, 10⁻⁶ over all its tests.
 */
package org.basinsim.validation;
