package org.basinsim.backend.gpu.opencl;

import java.util.Set;
import java.util.function.Supplier;
import org.basinsim.backend.gpu.GpuFailure;
import org.basinsim.backend.gpu.OutOfDeviceMemory;
import org.jocl.CL;
import org.jocl.CLException;

/** Calls to OpenCL on behalf of one device, whose failures name it. */
record OpenClCalls(String device) {
  private static final Set<Integer> NO_MEMORY =
      Set.of(
          CL.CL_MEM_OBJECT_ALLOCATION_FAILURE,
          CL.CL_OUT_OF_RESOURCES,
          CL.CL_OUT_OF_HOST_MEMORY,
          CL.CL_INVALID_BUFFER_SIZE);

  /** Carries out a call that makes something. */
  <T> T make(String name, Supplier<T> call) {
    try {
      return call.get();
    } catch (CLException | UnsupportedOperationException e) {
      throw new GpuFailure(told(name, reason(e)), e);
    }
  }

  /** Carries out a call. */
  void call(String name, Runnable call) {
    make(
        name,
        () -> {
          call.run();
          return null;
        });
  }

  /** Carries out a call that takes memory for a buffer. */
  <T> T allocate(String name, long bytes, Supplier<T> call) {
    try {
      return call.get();
    } catch (CLException e) {
      String told = told(name, reason(e) + " for a buffer of " + bytes + " bytes");
      throw NO_MEMORY.contains(e.getStatus())
          ? new OutOfDeviceMemory(told)
          : new GpuFailure(told, e);
    }
  }

  /** Releases something; nothing could be done about a failure, and there may be an earlier one. */
  static void release(Runnable call) {
    try {
      call.run();
    } catch (CLException | UnsupportedOperationException e) {
      // The driver keeps it; the process goes on.
    }
  }

  /** A line that names the device. */
  String told(String call, String answer) {
    return "device '" + device + "': " + call + ": " + answer;
  }

  /** The name of OpenCL's answer, or the words of another failure, in one line. */
  static String reason(RuntimeException failure) {
    if (failure instanceof CLException answer) {
      return CL.stringFor_errorCode(answer.getStatus());
    }
    return String.valueOf(failure.getMessage()).lines().findFirst().orElse("no answer");
  }
}
