package org.basinsim.model;

/**
 * Which restarts of a cell are independent of which. Restarts of different clusters are
 * independent; restarts of one cluster share inputs or a start.
 *
 * @param kind how an index maps to its cluster
 * @param size restarts per cluster ({@link Kind#BLOCKS}) or number of clusters ({@link
 *     Kind#RESIDUES})
 */
public record Clustering(Kind kind, long size) {

  /** Maps from restart index to cluster. */
  public enum Kind {
    /** Cluster = index ÷ size. */
    BLOCKS,
    /** Cluster = index mod size. */
    RESIDUES
  }

  /** Every restart stands alone. */
  public static final Clustering INDEPENDENT = new Clustering(Kind.BLOCKS, 1);

  public Clustering {
    if (size < 1) {
      throw new IllegalArgumentException("a clustering needs a size of at least 1, not " + size);
    }
  }

  /** Consecutive restarts share: {@code size} at a time. */
  public static Clustering blocks(long size) {
    return new Clustering(Kind.BLOCKS, size);
  }

  /** Restarts with the same remainder by {@code clusters} share. */
  public static Clustering residues(long clusters) {
    return new Clustering(Kind.RESIDUES, clusters);
  }

  /** The cluster of a restart. */
  public long cluster(long index) {
    return kind == Kind.BLOCKS ? index / size : index % size;
  }

  /** Whether every restart stands alone. */
  public boolean independent() {
    return kind == Kind.BLOCKS && size == 1;
  }
}
