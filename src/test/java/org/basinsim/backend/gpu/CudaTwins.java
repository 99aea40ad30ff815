package org.basinsim.backend.gpu;

/**
 * A program that holds the random layer and full starts of {@code cuda:0} to their Java twins. For
 * a process whose GPU is emulated: the dialect for CUDA is then carried out on any machine.
 */
final class CudaTwins {
  private CudaTwins() {}

  public static void main(String[] arguments) {
    for (ProbeRun run : ProbeRun.cuda(0)) {
      KernelTwinsTest random = new KernelTwinsTest();
      random.wordsAreThoseOfJava(run);
      random.normalsAreThoseOfJava(run);
      random.elementaryFunctionsAreThoseOfJava(run);
      if (run.doubles()) {
        new KernelStartsTest().vectorsAreThoseOfJava(run);
      }
      System.out.println(run);
    }
  }
}
