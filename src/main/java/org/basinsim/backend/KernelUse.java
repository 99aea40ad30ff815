package org.basinsim.backend;

/**
 * What a compiled kernel takes of a multiprocessor, for reports.
 *
 * @param name its function and what it is specialized by, in words
 * @param registers 32-bit registers a thread
 * @param localBytes bytes of memory a thread for what did not fit into registers
 * @param sharedBytes bytes of shared memory a work-group
 */
public record KernelUse(String name, int registers, int localBytes, int sharedBytes) {}
