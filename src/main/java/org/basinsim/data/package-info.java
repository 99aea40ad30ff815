/**
 * Input data sets of empirical descent: drawn from an experiment's streams or read from a file, in
 * double, and the hash of their content that stands for a file in an experiment's identity.
 */
package org.basinsim.data;
