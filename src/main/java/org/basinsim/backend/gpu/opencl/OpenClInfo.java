package org.basinsim.backend.gpu.opencl;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.jocl.CL;
import org.jocl.Pointer;
import org.jocl.cl_device_id;
import org.jocl.cl_platform_id;
import org.jocl.cl_program;

/**
 * Answers to OpenCL's questions of the form {@code clGetDeviceInfo}, read through direct buffers.
 */
final class OpenClInfo {

  /** A question with everything filled in but where the answer goes and how long it is. */
  private interface Question {
    int ask(long bytes, Pointer to, long[] length);
  }

  private OpenClInfo() {}

  static String text(cl_platform_id platform, int name) {
    return line(bytes((n, to, length) -> CL.clGetPlatformInfo(platform, name, n, to, length)));
  }

  static String text(cl_device_id device, int name) {
    return line(bytes(device, name));
  }

  /** What the compiler said, with its lines. */
  static String buildLog(cl_program program, cl_device_id device) {
    ByteBuffer log =
        bytes((n, to, length) ->
            CL.clGetProgramBuildInfo(program, device, CL.CL_PROGRAM_BUILD_LOG, n, to, length));
    return decoded(log).strip();
  }

  /** An unsigned or signed integer of 32 or 64 bits, or a {@code size_t}. */
  static long number(cl_device_id device, int name) {
    ByteBuffer answer = bytes(device, name);
    return answer.remaining() >= Long.BYTES
        ? answer.getLong()
        : Integer.toUnsignedLong(answer.getInt());
  }

  private static ByteBuffer bytes(cl_device_id device, int name) {
    return bytes((n, to, length) -> CL.clGetDeviceInfo(device, name, n, to, length));
  }

  private static ByteBuffer bytes(Question question) {
    long[] length = new long[1];
    question.ask(0, null, length);
    ByteBuffer answer =
        ByteBuffer.allocateDirect(Math.toIntExact(length[0])).order(ByteOrder.nativeOrder());
    if (length[0] > 0) {
      question.ask(length[0], Pointer.to(answer), null);
    }
    return answer;
  }

  /** Names and versions come from drivers: some are padded, some carry line ends. */
  private static String line(ByteBuffer answer) {
    return decoded(answer).replaceAll("[\\s\\p{Cntrl}]+", " ").strip();
  }

  private static String decoded(ByteBuffer answer) {
    String text = StandardCharsets.UTF_8.decode(answer).toString();
    int end = text.indexOf('\0');
    return end < 0 ? text : text.substring(0, end);
  }
}
