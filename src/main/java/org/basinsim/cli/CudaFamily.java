package org.basinsim.cli;

import java.util.List;
import java.util.Optional;
import org.basinsim.backend.Backend;
import org.basinsim.backend.WorkSizing;
import org.basinsim.backend.gpu.GpuBackend;
import org.basinsim.backend.gpu.cuda.CudaPlatform;

/** NVIDIA GPUs, by CUDA. */
final class CudaFamily implements DeviceFamily {

  @Override
  public String name() {
    return "cuda";
  }

  @Override
  public List<String> forms() {
    return List.of("cuda:N", "cuda:all");
  }

  @Override
  public List<Device> present() {
    return CudaPlatform.devices().stream().map(info -> new Device(info, true)).toList();
  }

  @Override
  public Optional<String> missing() {
    return CudaPlatform.missing();
  }

  @Override
  public Optional<String> gemm() {
    return CudaPlatform.gemm();
  }

  @Override
  public Backend open(List<Integer> numbers, WorkSizing sizing) {
    return GpuBackend.open(numbers, CudaPlatform::open, sizing);
  }
}
