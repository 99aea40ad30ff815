package org.basinsim.backend.gpu;

import java.util.List;

/**
 * A form whose records and samples end with the filter, as where patches overlap: the host makes
 * the population loss of it.
 *
 * @param of the form
 * @param patchSize p
 */
record FilterNoted(ConvForm of, int patchSize) implements KernelForm {
  @Override
  public String entry() {
    return of.entry();
  }

  @Override
  public List<String> files() {
    return of.files();
  }

  @Override
  public int stateReals() {
    return of.stateReals();
  }

  @Override
  public int recordReals() {
    return of.recordReals() + patchSize;
  }

  @Override
  public int sampleReals() {
    return of.sampleReals() + patchSize;
  }

  @Override
  public String words(LaunchPlan plan) {
    return of.words(plan) + ", stride " + plan.number("BASIN_STRIDE");
  }
}
