/**
 * The inputs that empirical descent is carried out on: drawn from the experiment's streams or read
 * from a file, the same numbers for every backend. With results the only package that knows an HDF5
 * library.
 */
package org.basinsim.data;
