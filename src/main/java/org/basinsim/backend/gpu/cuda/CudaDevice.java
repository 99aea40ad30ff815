package org.basinsim.backend.gpu.cuda;

import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.IntSupplier;
import jcuda.Pointer;
import jcuda.driver.CUcontext;
import jcuda.driver.CUdeviceptr;
import jcuda.driver.CUfunction;
import jcuda.driver.CUfunction_attribute;
import jcuda.driver.CUmodule;
import jcuda.driver.CUstream_flags;
import jcuda.driver.JCudaDriver;
import org.basinsim.backend.BackendUnavailable;
import org.basinsim.backend.gpu.CompileFailure;
import org.basinsim.backend.gpu.GpuBuffer;
import org.basinsim.backend.gpu.GpuDescription;
import org.basinsim.backend.gpu.GpuDevice;
import org.basinsim.backend.gpu.GpuFailure;
import org.basinsim.backend.gpu.GpuKernel;
import org.basinsim.backend.gpu.GpuMatrices;
import org.basinsim.backend.gpu.KernelSource;
import org.basinsim.backend.gpu.OutOfDeviceMemory;

/**
 * A GPU by its primary context, which other libraries of the process share, and one stream, in
 * whose order everything happens. The context is made current at each call: a thread may hold
 * several devices, and a device may change threads.
 */
final class CudaDevice implements GpuDevice {
  /** Most bytes in one copy: a byte buffer ends below 2 GiB. */
  private static final long SLICE = 1 << 30;

  private final DriverCalls calls;
  private final CudaHardware hardware;
  private final GpuDescription description;
  private final CudaCompiler compiler;
  private final Target target;
  private final KernelCache cache;
  private final long slice;
  private final CUcontext context = new CUcontext();
  private final CudaStream stream = new CudaStream();

  /** What is to be freed, the newest first. */
  private final Deque<Owned> owned = new ArrayDeque<>();

  private boolean failed;
  private Optional<GpuMatrices> matrices = Optional.empty();

  /** Memory that other libraries can be told of. */
  private static final class Address extends CUdeviceptr {
    long address() {
      return getNativePointer();
    }
  }

  private CudaDevice(
      CudaHardware hardware,
      NvidiaDriver driver,
      CudaCompiler compiler,
      Target target,
      KernelCache cache,
      long slice) {
    this.calls = new DriverCalls(hardware.info().name());
    this.hardware = hardware;
    this.compiler = compiler;
    this.target = target;
    this.cache = cache;
    this.slice = slice;
    this.description =
        new GpuDescription(
            hardware.info(),
            "cuda",
            GpuDescription.Kind.GPU,
            "CUDA driver " + driver.dotted(),
            compiler.version(),
            hardware.units(),
            1,
            true,
            hardware.memory(),
            hardware.sharedMemory(),
            hardware.largestGroup());
  }

  /** Takes hold of a device. */
  static CudaDevice open(
      CudaHardware hardware, NvidiaDriver driver, CudaCompiler compiler, KernelCache cache) {
    return open(hardware, driver, compiler, cache, SLICE);
  }

  /**
   * Takes hold of a device.
   *
   * @param slice most bytes in one copy
   * @throws BackendUnavailable where the compiler does not know so old a device
   * @throws GpuFailure where the device refuses
   */
  static CudaDevice open(
      CudaHardware hardware,
      NvidiaDriver driver,
      CudaCompiler compiler,
      KernelCache cache,
      long slice) {
    Target target =
        Target.of(hardware.capability(), compiler.capabilities())
            .orElseThrow(() ->
                new BackendUnavailable(
                    "device '%s': %s no longer compiles for compute %s; install an older one"
                        .formatted(
                            hardware.info().name(),
                            compiler.version(),
                            Target.dotted(hardware.capability()))));
    CudaDevice device = new CudaDevice(hardware, driver, compiler, target, cache, slice);
    device.start();
    return device;
  }

  private void start() {
    calls.make(
        "cuDevicePrimaryCtxRetain",
        () -> JCudaDriver.cuDevicePrimaryCtxRetain(context, hardware.device()));
    // Not in the context: a broken one can still be released.
    owned.push(
        new Owned(() ->
            calls.make(
                "cuDevicePrimaryCtxRelease",
                () -> JCudaDriver.cuDevicePrimaryCtxRelease(hardware.device()))));
    try {
      call(
          "cuStreamCreate",
          () -> JCudaDriver.cuStreamCreate(stream, CUstream_flags.CU_STREAM_NON_BLOCKING));
    } catch (GpuFailure e) {
      close();
      throw e;
    }
    owned.push(new Owned(() -> call("cuStreamDestroy", () -> JCudaDriver.cuStreamDestroy(stream))));
  }

  /** Lets a library multiply matrices here. */
  CudaDevice with(Cublas library) {
    CublasMatrices found =
        new CublasMatrices(library, this::call, buffer -> own(buffer, 0).address.address(), stream);
    owned.push(new Owned(found::close));
    matrices = Optional.of(found);
    return this;
  }

  @Override
  public Optional<GpuMatrices> matrices() {
    return matrices;
  }

  @Override
  public GpuDescription describe() {
    return description;
  }

  @Override
  public GpuKernel compile(KernelSource source) {
    List<String> origin = new ArrayList<>(CudaCompiler.options(target));
    origin.add(compiler.identity());
    origin.add(source.text());
    byte[] image;
    try {
      image = cache.get(KernelCache.key(origin), () -> compiler.compile(source, target));
    } catch (CompileFailure e) {
      throw new CompileFailure(calls.device() + ": " + e.getMessage(), e.log(), e.source());
    }
    CUmodule module = new CUmodule();
    ByteBuffer bytes = ByteBuffer.allocateDirect(image.length).put(image).flip();
    call(
        "cuModuleLoadData " + source.entry(),
        () ->
            JCudaDriver.cuModuleLoadDataEx(
                module, Pointer.to(bytes), 0, new int[0], Pointer.to(new int[0])));
    Kernel kernel = new Kernel(module);
    owned.push(kernel);
    call(
        "cuModuleGetFunction " + source.entry(),
        () -> JCudaDriver.cuModuleGetFunction(kernel.function, module, source.entry()));
    kernel.resources =
        new GpuKernel.Resources(
            attribute(kernel.function, CUfunction_attribute.CU_FUNC_ATTRIBUTE_NUM_REGS),
            attribute(kernel.function, CUfunction_attribute.CU_FUNC_ATTRIBUTE_LOCAL_SIZE_BYTES),
            attribute(kernel.function, CUfunction_attribute.CU_FUNC_ATTRIBUTE_SHARED_SIZE_BYTES));
    return kernel;
  }

  private int attribute(CUfunction function, int attribute) {
    int[] value = new int[1];
    call(
        "cuFuncGetAttribute " + attribute,
        () -> JCudaDriver.cuFuncGetAttribute(value, attribute, function));
    return value[0];
  }

  @Override
  public GpuBuffer allocate(long bytes) {
    if (bytes < 1) {
      throw new IllegalArgumentException("a buffer of " + bytes + " bytes");
    }
    Buffer buffer = new Buffer(bytes);
    try {
      call(
          "cuMemAlloc of " + bytes + " bytes", () -> JCudaDriver.cuMemAlloc(buffer.address, bytes));
    } catch (OutOfDeviceMemory e) {
      throw new OutOfDeviceMemory(e.getMessage() + free());
    }
    owned.push(buffer);
    return buffer;
  }

  /** What is left, for a message; nothing where even that fails. */
  private String free() {
    long[] free = new long[1];
    long[] total = new long[1];
    try {
      call("cuMemGetInfo", () -> JCudaDriver.cuMemGetInfo(free, total));
    } catch (GpuFailure e) {
      return "";
    }
    return "; %s of %s are free"
        .formatted(CudaHardware.gibibytes(free[0]), CudaHardware.gibibytes(total[0]));
  }

  @Override
  public void upload(GpuBuffer to, MemorySegment from) {
    Buffer buffer = own(to, from.byteSize());
    for (long start = 0; start < from.byteSize(); start += slice) {
      ByteBuffer piece = piece(from, start);
      CUdeviceptr address = buffer.address.withByteOffset(start);
      call(
          "cuMemcpyHtoDAsync",
          () ->
              JCudaDriver.cuMemcpyHtoDAsync(address, Pointer.to(piece), piece.capacity(), stream));
    }
    synchronize();
    Reference.reachabilityFence(from);
  }

  @Override
  public void download(GpuBuffer from, MemorySegment to) {
    Buffer buffer = own(from, to.byteSize());
    for (long start = 0; start < to.byteSize(); start += slice) {
      ByteBuffer piece = piece(to, start);
      CUdeviceptr address = buffer.address.withByteOffset(start);
      call(
          "cuMemcpyDtoHAsync",
          () ->
              JCudaDriver.cuMemcpyDtoHAsync(Pointer.to(piece), address, piece.capacity(), stream));
    }
    synchronize();
    Reference.reachabilityFence(to);
  }

  private ByteBuffer piece(MemorySegment segment, long start) {
    if (!segment.isNative()) {
      throw new IllegalArgumentException("memory on the Java heap may move while it is copied");
    }
    return segment.asSlice(start, Math.min(slice, segment.byteSize() - start)).asByteBuffer();
  }

  /** Failures of launches show here, too. */
  private void synchronize() {
    call("cuStreamSynchronize", () -> JCudaDriver.cuStreamSynchronize(stream));
  }

  @Override
  public void launch(GpuKernel kernel, int groups, int groupSize, List<GpuBuffer> arguments) {
    if (!(kernel instanceof Kernel own) || !owned.contains(own)) {
      throw new IllegalArgumentException("a kernel that is closed or of another device");
    }
    Pointer[] pointers =
        arguments.stream().map(each -> Pointer.to(own(each, 0).address)).toArray(Pointer[]::new);
    call(
        "cuLaunchKernel",
        () ->
            JCudaDriver.cuLaunchKernel(
                own.function,
                groups,
                1,
                1,
                groupSize,
                1,
                1,
                0,
                stream,
                Pointer.to(pointers),
                null));
  }

  private Buffer own(GpuBuffer buffer, long bytes) {
    if (!(buffer instanceof Buffer own) || !owned.contains(own)) {
      throw new IllegalArgumentException("a buffer that is closed or of another device");
    }
    if (bytes > own.bytes) {
      throw new IllegalArgumentException(bytes + " bytes in a buffer of " + own.bytes);
    }
    return own;
  }

  /** Makes a call in this device's context. */
  private void call(String name, IntSupplier call) {
    try {
      calls.make("cuCtxSetCurrent", () -> JCudaDriver.cuCtxSetCurrent(context));
      calls.make(name, call);
    } catch (OutOfDeviceMemory e) {
      throw e;
    } catch (GpuFailure e) {
      failed = true;
      throw e;
    }
  }

  @Override
  public void close() {
    GpuFailure first = null;
    while (!owned.isEmpty()) {
      try {
        owned.peek().close();
      } catch (GpuFailure e) {
        first = e;
      }
    }
    if (first != null) {
      throw first;
    }
  }

  /** What the device frees when nobody else has. */
  private class Owned implements AutoCloseable {
    private final Runnable freeing;

    Owned(Runnable freeing) {
      this.freeing = freeing;
    }

    /** After a failure all that follows fails, too, and says nothing new. */
    @Override
    public void close() {
      boolean before = failed;
      if (owned.remove(this)) {
        try {
          freeing.run();
        } catch (GpuFailure e) {
          if (!before) {
            throw e;
          }
        }
      }
    }
  }

  private final class Buffer extends Owned implements GpuBuffer {
    private final Address address;
    private final long bytes;

    Buffer(long bytes) {
      this(bytes, new Address());
    }

    private Buffer(long bytes, Address address) {
      super(() -> call("cuMemFree", () -> JCudaDriver.cuMemFree(address)));
      this.address = address;
      this.bytes = bytes;
    }

    @Override
    public long bytes() {
      return bytes;
    }
  }

  private final class Kernel extends Owned implements GpuKernel {
    private final CUfunction function = new CUfunction();
    private Resources resources;

    Kernel(CUmodule module) {
      super(() -> call("cuModuleUnload", () -> JCudaDriver.cuModuleUnload(module)));
    }

    @Override
    public Optional<Resources> resources() {
      return Optional.of(resources);
    }
  }
}
