/**
 * The one host path for graphics processors, and for whatever else speaks OpenCL.
 *
 * <p>A kernel is one text for every interface: {@link org.basinsim.backend.gpu.KernelSource} puts a
 * dialect header before it and named constants before that. {@link
 * org.basinsim.backend.gpu.GpuDevice} is the inner seam; {@code cuda} and {@code opencl} implement
 * it and know nothing of networks. What a system brings of its own is behind {@link
 * org.basinsim.backend.gpu.GpuSystem}: {@code ConvSystem}, {@code TwoLayerSystem}.
 */
package org.basinsim.backend.gpu;
