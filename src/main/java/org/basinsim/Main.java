package org.basinsim;

/** Hands the arguments to the command line. */
public final class Main {
  private Main() {}

  public static void main(String[] arguments) {
    System.out.println("basin");
  }
}
