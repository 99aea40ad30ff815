package org.basinsim.results;

/**
 * Sizes that decide how rows are cut into files. They depend on nothing but the study, so that its
 * files do not either.
 *
 * @param rowsInFile a results file holds this many rows itself; above, they stay in parts
 * @param bytesInFile and this many bytes
 * @param rowsInBlock rows of a part, a power of two
 * @param bytesInBlock and this many bytes, where the columns are many
 * @param blocksOpen parts under construction at a time
 * @param pieceRestarts restarts of one entry where counts alone are kept
 * @param secondsUnwritten rows wait no longer than this for their block to fill up
 */
record Limits(
    long rowsInFile,
    long bytesInFile,
    int rowsInBlock,
    long bytesInBlock,
    int blocksOpen,
    long pieceRestarts,
    double secondsUnwritten) {

  static final Limits DEFAULT = new Limits(1L << 23, 1L << 29, 1 << 20, 1L << 26, 6, 1 << 16, 10);

  /** Rows of a part. */
  int blockRows(Layout layout) {
    long fitting = Math.max(1, bytesInBlock / layout.rowBytes());
    return (int) Math.min(rowsInBlock, Long.highestOneBit(fitting));
  }

  /** Whether so many rows stand in the results file itself. */
  boolean fitOneFile(Layout layout, long rows) {
    return rows <= rowsInFile && rows * layout.rowBytes() <= bytesInFile;
  }
}
