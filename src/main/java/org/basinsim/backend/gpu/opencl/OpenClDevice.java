package org.basinsim.backend.gpu.opencl;

import java.lang.foreign.MemorySegment;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;
import org.basinsim.backend.gpu.CompileFailure;
import org.basinsim.backend.gpu.GpuBuffer;
import org.basinsim.backend.gpu.GpuDescription;
import org.basinsim.backend.gpu.GpuDevice;
import org.basinsim.backend.gpu.GpuKernel;
import org.basinsim.backend.gpu.KernelSource;
import org.basinsim.backend.gpu.OutOfDeviceMemory;
import org.jocl.CL;
import org.jocl.CLException;
import org.jocl.Pointer;
import org.jocl.Sizeof;
import org.jocl.cl_command_queue;
import org.jocl.cl_context;
import org.jocl.cl_context_properties;
import org.jocl.cl_device_id;
import org.jocl.cl_kernel;
import org.jocl.cl_mem;
import org.jocl.cl_program;

/** A device behind OpenCL: one context, one queue that keeps the order of calls. */
final class OpenClDevice implements GpuDevice {

  /** Bytes of one copy at most: JOCL takes byte buffers, which end at 2 GiB. */
  static final long SLICE = 1L << 30;

  private final OpenClHardware hardware;
  private final GpuDescription description;
  private final long slice;
  private final OpenClCalls calls;
  private final cl_context context;
  private final cl_command_queue queue;
  private final SequencedSet<OpenClResource> open = new LinkedHashSet<>();
  private long held;
  private boolean closed;

  /**
   * Opens a device.
   *
   * @param slice bytes of one copy at most
   */
  OpenClDevice(OpenClHardware hardware, GpuDescription description, long slice) {
    this.hardware = hardware;
    this.description = description;
    this.slice = slice;
    calls = new OpenClCalls(description.info().name());
    cl_context_properties properties = new cl_context_properties();
    properties.addProperty(CL.CL_CONTEXT_PLATFORM, hardware.platform());
    context =
        calls.make(
            "clCreateContext", () -> CL.clCreateContext(properties, 1, only(), null, null, null));
    queue = calls.make("clCreateCommandQueue", this::createQueue);
  }

  // OpenCL 2.0's successor of this call is missing from 1.2; this one is in every version.
  @SuppressWarnings("deprecation")
  private cl_command_queue createQueue() {
    try {
      return CL.clCreateCommandQueue(context, hardware.device(), 0, null);
    } catch (RuntimeException e) {
      OpenClCalls.release(() -> CL.clReleaseContext(context));
      throw e;
    }
  }

  @Override
  public GpuDescription describe() {
    return description;
  }

  @Override
  public GpuKernel compile(KernelSource source) {
    requireOpen();
    cl_program program =
        calls.make(
            "clCreateProgramWithSource",
            () ->
                CL.clCreateProgramWithSource(context, 1, new String[] {source.text()}, null, null));
    try {
      SignalHandlers.kept(
          () -> CL.clBuildProgram(program, 1, only(), hardware.options(), null, null));
      cl_kernel kernel = CL.clCreateKernel(program, source.entry(), null);
      return keep(new OpenClKernel(this, kernel));
    } catch (CLException e) {
      throw refusal(source, program, OpenClCalls.reason(e));
    } finally {
      OpenClCalls.release(() -> CL.clReleaseProgram(program));
    }
  }

  private CompileFailure refusal(KernelSource source, cl_program program, String answer) {
    String log =
        calls.make("clGetProgramBuildInfo", () -> OpenClInfo.buildLog(program, hardware.device()));
    String line =
        log.lines().filter(text -> text.contains("error")).findFirst().orElse(answer).strip();
    return new CompileFailure(
        calls.told("compiling kernel " + source.entry(), line), log, source.text());
  }

  /**
   * Many drivers find the memory only when a buffer is first used: it is moved to the device at
   * once, so that what does not fit fails here.
   */
  @Override
  public GpuBuffer allocate(long bytes) {
    requireOpen();
    if (bytes < 1) {
      throw new IllegalArgumentException("a buffer of " + bytes + " bytes");
    }
    long largest = hardware.largestBuffer();
    if (bytes > largest) {
      throw new OutOfDeviceMemory(
          calls.told(
              "a buffer of " + bytes + " bytes",
              "above the largest single buffer, " + largest + " bytes"));
    }
    if (bytes > description.memory() - held) {
      throw new OutOfDeviceMemory(
          calls.told(
              "a buffer of " + bytes + " bytes",
              held + " of " + description.memory() + " bytes are taken already"));
    }
    cl_mem memory =
        calls.allocate(
            "clCreateBuffer",
            bytes,
            () -> CL.clCreateBuffer(context, CL.CL_MEM_READ_WRITE, bytes, null, null));
    OpenClBuffer buffer = keep(new OpenClBuffer(this, memory, bytes));
    try {
      calls.allocate(
          "clEnqueueMigrateMemObjects",
          bytes,
          () -> {
            CL.clEnqueueMigrateMemObjects(
                queue,
                1,
                new cl_mem[] {memory},
                CL.CL_MIGRATE_MEM_OBJECT_CONTENT_UNDEFINED,
                0,
                null,
                null);
            return CL.clFinish(queue);
          });
    } catch (RuntimeException e) {
      buffer.close();
      throw e;
    }
    return buffer;
  }

  @Override
  public void upload(GpuBuffer to, MemorySegment from) {
    copy(
        "clEnqueueWriteBuffer",
        to,
        from,
        (memory, offset, bytes, pointer) ->
            CL.clEnqueueWriteBuffer(queue, memory, true, offset, bytes, pointer, 0, null, null));
  }

  @Override
  public void download(GpuBuffer from, MemorySegment to) {
    if (to.isReadOnly()) {
      throw new IllegalArgumentException("a segment that cannot be written");
    }
    copy(
        "clEnqueueReadBuffer",
        from,
        to,
        (memory, offset, bytes, pointer) ->
            CL.clEnqueueReadBuffer(queue, memory, true, offset, bytes, pointer, 0, null, null));
  }

  /** A blocking copy of one slice between a buffer, from an offset on, and native memory. */
  private interface Copy {
    void run(cl_mem memory, long offset, long bytes, Pointer pointer);
  }

  private void copy(String name, GpuBuffer buffer, MemorySegment segment, Copy copy) {
    requireOpen();
    if (!segment.isNative()) {
      throw new IllegalArgumentException("a segment on the Java heap");
    }
    long total = segment.byteSize();
    if (total > buffer.bytes()) {
      throw new IllegalArgumentException(
          "a segment of %d bytes for a buffer of %d".formatted(total, buffer.bytes()));
    }
    cl_mem memory = memory(buffer);
    for (long at = 0; at < total; at += slice) {
      long offset = at;
      long bytes = Math.min(slice, total - at);
      Pointer pointer = Pointer.to(segment.asSlice(at, bytes).asByteBuffer());
      calls.call(name, () -> copy.run(memory, offset, bytes, pointer));
    }
  }

  private cl_mem memory(GpuBuffer buffer) {
    return ((OpenClBuffer) buffer).memory(this);
  }

  @Override
  public void launch(GpuKernel kernel, int groups, int groupSize, List<GpuBuffer> arguments) {
    requireOpen();
    cl_kernel compiled = ((OpenClKernel) kernel).kernel(this);
    for (int i = 0; i < arguments.size(); i++) {
      int position = i;
      Pointer pointer = Pointer.to(memory(arguments.get(i)));
      calls.call(
          "clSetKernelArg " + i,
          () -> CL.clSetKernelArg(compiled, position, Sizeof.cl_mem, pointer));
    }
    long[] global = {(long) groups * groupSize};
    long[] local = {groupSize};
    calls.call(
        "clEnqueueNDRangeKernel of " + groups + " groups of " + groupSize,
        () -> CL.clEnqueueNDRangeKernel(queue, compiled, 1, null, global, local, 0, null, null));
    // Without it a driver may leave the launch in the queue until somebody waits for it.
    calls.call("clFlush", () -> CL.clFlush(queue));
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    // Something queued may still use what is released next.
    OpenClCalls.release(() -> CL.clFinish(queue));
    while (!open.isEmpty()) {
      open.getLast().close();
    }
    OpenClCalls.release(() -> CL.clReleaseCommandQueue(queue));
    OpenClCalls.release(() -> CL.clReleaseContext(context));
  }

  private <T extends OpenClResource> T keep(T resource) {
    open.add(resource);
    held += bytes(resource);
    return resource;
  }

  void forget(OpenClResource resource) {
    open.remove(resource);
    held -= bytes(resource);
  }

  private static long bytes(OpenClResource resource) {
    return resource instanceof OpenClBuffer buffer ? buffer.bytes() : 0;
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("a closed device");
    }
  }

  private cl_device_id[] only() {
    return new cl_device_id[] {hardware.device()};
  }
}
