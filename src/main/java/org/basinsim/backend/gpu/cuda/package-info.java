/**
 * GPUs by CUDA: the driver interface through JCuda, kernels compiled by NVRTC or nvcc. The only
 * importer of JCuda.
 *
 * <p>How to get a device: {@link org.basinsim.backend.gpu.cuda.CudaPlatform}. JCuda's driver
 * interface needs the NVIDIA driver alone. NVRTC is bound with {@code java.lang.foreign}, so that
 * any version serves; where there is none, {@code nvcc} compiles the same text. What was compiled
 * stays on disk, in {@code KernelCache}.
 */
package org.basinsim.backend.gpu.cuda;
