package org.basinsim.backend.gpu;

import java.util.List;

/** A kernel before constants specialize it, and the layout of its records. */
interface KernelForm {

  /** Name of the kernel's function. */
  String entry();

  /** The texts in {@code kernels/} that make it up, in the order they are needed. */
  List<String> files();

  /** Numbers of a state, as samples and given starts have it. */
  int stateReals();

  /** Numbers of a record before its samples. */
  int recordReals();

  /** Numbers of a sample: the state and the loss. */
  default int sampleReals() {
    return stateReals() + 1;
  }

  /** The kernel and what it is specialized by, for reports. */
  String words(LaunchPlan plan);
}
