package org.basinsim.data;

/**
 * A file of inputs that cannot be used, with the reason in one line that is fit to print and names
 * the file, and row and column where one number is at fault.
 */
public final class BrokenInputs extends RuntimeException {
  private static final long serialVersionUID = 1;

  public BrokenInputs(String message) {
    super(message.replaceAll("[\\p{Cntrl}\u2028\u2029\u0085]+", " "));
  }
}
