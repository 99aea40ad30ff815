/**
 * The convolutional teacher and student: one hidden ReLU layer of patches, which may overlap where
 * the output is an average.
 *
 * <p>Learned output weights with weight normalization: Du, Lee, Tian, Poczos, Singh, ICML 2018,
 * arXiv 1712.00779 (DU18). Average output: Brutzkus, Globerson, ICML 2017, arXiv 1702.07966 (BG17).
 *
 * <p>Notation. k patches in R^p, inputs standard normal and, without overlap, independent. A
 * teacher (w*, a*) equals the teacher (w*∕‖w*‖, b*) with b* = ‖w*‖ a*, so closed forms are written
 * for a unit filter. φ is the angle between filters, g(φ) = (π − φ) cos φ + sin φ.
 */
package org.basinsim.model.conv;
