package org.basinsim.backend.gpu.cuda;

/**
 * A compiler, or another library of the toolkit, that cannot serve; the message is why, in a few
 * words, or empty where it is absent.
 */
final class UnusableCompiler extends Exception {
  private static final long serialVersionUID = 1;

  UnusableCompiler(String message) {
    super(message);
  }
}
