package org.basinsim.study;

/** A value that a form does not take. */
final class Unfit extends Exception {
  private static final long serialVersionUID = 1;

  private final String wrong;

  /**
   * @param wrong what is wrong with the value
   * @param allowed what would be right
   */
  Unfit(String wrong, String allowed) {
    super(wrong + "; allowed: " + allowed);
    this.wrong = wrong;
  }

  /** What is wrong, without what is allowed. */
  String wrong() {
    return wrong;
  }
}
