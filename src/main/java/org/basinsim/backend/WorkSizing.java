package org.basinsim.backend;

/**
 * How work is cut. Never changes an outcome.
 *
 * @param threads CPU threads, at least 1
 * @param launch restarts in one piece of work; 0 lets the backend choose
 * @param workGroup work-items in an OpenCL or CUDA group; 0 lets the backend choose
 */
public record WorkSizing(int threads, int launch, int workGroup) {

  public WorkSizing {
    if (threads < 1 || launch < 0 || workGroup < 0) {
      throw new IllegalArgumentException(
          "threads " + threads + ", launch " + launch + ", work-group " + workGroup);
    }
  }

  /** All processors, pieces as the backend likes them. */
  public static WorkSizing automatic() {
    return new WorkSizing(Runtime.getRuntime().availableProcessors(), 0, 0);
  }
}
