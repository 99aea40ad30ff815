package org.basinsim.backend.gpu;

import org.basinsim.backend.DeviceInfo;
import org.basinsim.model.Precision;

/**
 * What a device is and what it can do.
 *
 * @param info as recorded with results: backend {@code cuda} or {@code opencl}, name {@code cuda:0}
 * @param dialect folderless name of the header that its kernels begin with: {@code cuda} or {@code
 *     opencl}
 * @param kind what the mapping of restarts to work-items goes by
 * @param driver interface and driver versions in words
 * @param compiler compiler and version in words; a compiled kernel depends on it
 * @param units multiprocessors or cores, at least 1
 * @param vectorWidth floats in a vector of a CPU, at least 1; 1 for a GPU
 * @param doubles whether it computes in double precision
 * @param memory bytes in all
 * @param sharedMemory bytes of shared (OpenCL: local) memory that a work-group may declare
 * @param largestGroup most work-items in a group
 */
public record GpuDescription(
    DeviceInfo info,
    String dialect,
    Kind kind,
    String driver,
    String compiler,
    int units,
    int vectorWidth,
    boolean doubles,
    long memory,
    int sharedMemory,
    int largestGroup) {

  /** Numbers of a precision in a vector, at least 1. */
  public int vectorWidth(Precision precision) {
    return precision == Precision.SINGLE ? vectorWidth : Math.max(1, vectorWidth / 2);
  }

  /** Kinds of hardware. */
  public enum Kind {
    /** Thousands of threads, fast shared memory, barriers. */
    GPU,
    /** A few cores with wide vectors; barriers are slow or worse. */
    CPU
  }
}
