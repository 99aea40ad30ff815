package org.basinsim.backend.gpu;

/** A kernel that a device's compiler refused: a defect of this program or of the compiler. */
public final class CompileFailure extends GpuFailure {
  private static final long serialVersionUID = 1;

  private final String log;
  private final String source;

  /**
   * @param message one line: device, kernel, the log's first error
   * @param log what the compiler said
   * @param source the whole text it was given
   */
  public CompileFailure(String message, String log, String source) {
    super(message);
    this.log = log;
    this.source = source;
  }

  /** What the compiler said. */
  public String log() {
    return log;
  }

  /** The whole text it was given. */
  public String source() {
    return source;
  }

  /** For a stack trace: the message, then what the compiler said and was given. */
  @Override
  public String toString() {
    return String.join("\n", super.toString(), log, source);
  }
}
