package org.basinsim.backend.gpu.opencl;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.basinsim.backend.DeviceInfo;
import org.basinsim.backend.gpu.GpuDescription;
import org.basinsim.backend.gpu.GpuDescription.Kind;
import org.jocl.CL;
import org.jocl.cl_device_id;
import org.jocl.cl_platform_id;

/** A device of a platform, before anybody opens it: OpenCL's names for it, and its answers. */
record OpenClHardware(cl_platform_id platform, cl_device_id device) {
  private static final Pattern VERSION = Pattern.compile("OpenCL (\\d+)\\.(\\d+).*");
  private static final List<Integer> VECTOR_WIDTHS = List.of(4, 8, 16);

  /** Divisions and square roots round correctly in double precision alone, unless asked for. */
  private static final String CORRECT_ROUNDING = "-cl-fp32-correctly-rounded-divide-sqrt";

  /** Why it cannot serve, in a few words; empty where it can. */
  Optional<String> unfit() {
    Matcher version = VERSION.matcher(text(CL.CL_DEVICE_VERSION));
    boolean old =
        !version.matches()
            || Integer.parseInt(version.group(1)) * 10 + Integer.parseInt(version.group(2)) < 12;
    if (old) {
      return Optional.of(name() + " speaks " + text(CL.CL_DEVICE_VERSION) + ", not OpenCL 1.2");
    }
    if (number(CL.CL_DEVICE_AVAILABLE) == 0) {
      return Optional.of(name() + " is not available");
    }
    if (number(CL.CL_DEVICE_COMPILER_AVAILABLE) == 0) {
      return Optional.of(name() + " has no compiler");
    }
    return Optional.empty();
  }

  /** A processor or, like everything else that computes, a GPU. */
  Kind kind() {
    long type = number(CL.CL_DEVICE_TYPE);
    boolean onlyCpu = (type & CL.CL_DEVICE_TYPE_CPU) != 0 && (type & CL.CL_DEVICE_TYPE_GPU) == 0;
    return onlyCpu ? Kind.CPU : Kind.GPU;
  }

  /**
   * What a compiler is told. Nothing here may trade accuracy for speed. Without warnings: some
   * compilers print how many there are to the user's terminal.
   */
  String options() {
    long single = number(CL.CL_DEVICE_SINGLE_FP_CONFIG);
    boolean correct = (single & CL.CL_FP_CORRECTLY_ROUNDED_DIVIDE_SQRT) != 0;
    return "-cl-std=CL1.2 -w" + (correct ? " " + CORRECT_ROUNDING : "");
  }

  /** Bytes of the largest buffer. */
  long largestBuffer() {
    return number(CL.CL_DEVICE_MAX_MEM_ALLOC_SIZE);
  }

  /**
   * Describes it.
   *
   * @param index its number over all platforms
   * @param kind as what it is used
   */
  GpuDescription describe(int index, Kind kind) {
    long memory = number(CL.CL_DEVICE_GLOBAL_MEM_SIZE);
    int units = atLeastOne(number(CL.CL_DEVICE_MAX_COMPUTE_UNITS));
    String platformName = OpenClInfo.text(platform, CL.CL_PLATFORM_NAME);
    String description =
        String.format(
            Locale.ROOT,
            "%s, %s, %d compute units, %.1f GiB",
            name(),
            platformName,
            units,
            memory / 0x1p30);
    String driver = text(CL.CL_DEVICE_VERSION) + ", driver " + text(CL.CL_DRIVER_VERSION);
    String compiler =
        "%s, %s, driver %s, %s"
            .formatted(
                text(CL.CL_DEVICE_OPENCL_C_VERSION),
                OpenClInfo.text(platform, CL.CL_PLATFORM_VERSION),
                text(CL.CL_DRIVER_VERSION),
                options());
    return new GpuDescription(
        new DeviceInfo("opencl", nameOf(index), description),
        "opencl",
        kind,
        driver,
        compiler,
        units,
        kind == Kind.CPU ? vectorWidth() : 1,
        text(CL.CL_DEVICE_EXTENSIONS).contains("cl_khr_fp64"),
        memory,
        (int) Math.min(Integer.MAX_VALUE, number(CL.CL_DEVICE_LOCAL_MEM_SIZE)),
        atLeastOne(
            Math.min(
                number(CL.CL_DEVICE_MAX_WORK_GROUP_SIZE),
                // The first of three: groups have one dimension here.
                number(CL.CL_DEVICE_MAX_WORK_ITEM_SIZES))));
  }

  /** What {@code --device} takes. */
  static String nameOf(int index) {
    return "opencl:" + index;
  }

  private String name() {
    return text(CL.CL_DEVICE_NAME);
  }

  /** Floats in a vector: what OpenCL C has types and the kernels have code for. */
  private int vectorWidth() {
    int width = (int) Math.min(16, number(CL.CL_DEVICE_NATIVE_VECTOR_WIDTH_FLOAT));
    return VECTOR_WIDTHS.contains(width) ? width : 1;
  }

  private String text(int question) {
    return OpenClInfo.text(device, question);
  }

  private long number(int question) {
    return OpenClInfo.number(device, question);
  }

  private static int atLeastOne(long number) {
    return Math.clamp(number, 1, Integer.MAX_VALUE);
  }
}
