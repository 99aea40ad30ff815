/**
 * Results on disk: rows of restarts in HDF5, never half written, never lost, never counted twice.
 *
 * <p>While a study is unfinished its rows lie in {@code FILE.h5.parts/} as immutable shards, each
 * complete or absent; at the end they are united in {@code FILE.h5}, sorted by cell and index. What
 * is recorded depends on the study alone: the columns are the same bytes however the work was cut,
 * ordered or interrupted. Studies that keep counts only hold pieces instead of rows.
 *
 * <p>{@link org.basinsim.results.ResultsStore} writes, {@link org.basinsim.results.ResultsFile}
 * reads, {@link org.basinsim.results.Merge} unites. Nothing here knows studies, backends or
 * statistics; with {@code data} this is the only package that imports an HDF5 library.
 */
package org.basinsim.results;
