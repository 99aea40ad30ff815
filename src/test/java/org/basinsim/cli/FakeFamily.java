package org.basinsim.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.basinsim.backend.Backend;
import org.basinsim.backend.BackendUnavailable;
import org.basinsim.backend.DeviceInfo;
import org.basinsim.backend.WorkSizing;
import org.basinsim.backend.cpu.CpuBackend;
import org.basinsim.verification.Disguised;

/** Devices that this machine does not have; behind each the CPU computes. */
final class FakeFamily implements DeviceFamily {
  private final String name;
  private final List<String> forms;
  private final List<Device> present;
  private final Optional<String> missing;
  private Optional<String> broken = Optional.empty();

  /** The numbers that every opening asked for. */
  final List<List<Integer>> opened = new ArrayList<>();

  /** Whether anything was asked that may wake a driver. */
  private boolean asked;

  private FakeFamily(String name, List<String> forms, List<Device> present, String missing) {
    this.name = name;
    this.forms = forms;
    this.present = present;
    this.missing = Optional.ofNullable(missing);
  }

  private static List<Device> devices(String backend, int count, String kind) {
    return IntStream.range(0, count)
        .mapToObj(number ->
            new Device(
                new DeviceInfo(backend, backend + ":" + number, "a made-up " + kind),
                kind.equals("GPU")))
        .toList();
  }

  static FakeFamily cuda(int count) {
    return new FakeFamily(
        "cuda", List.of("cuda:N", "cuda:all"), devices("cuda", count, "GPU"), null);
  }

  static FakeFamily noCuda() {
    return new FakeFamily(
        "cuda", List.of("cuda:N", "cuda:all"), List.of(), "no driver here; install one");
  }

  static FakeFamily opencl(int count, String kind) {
    return new FakeFamily("opencl", List.of("opencl:N"), devices("opencl", count, kind), null);
  }

  static FakeFamily noOpencl() {
    return new FakeFamily("opencl", List.of("opencl:N"), List.of(), "no platform; install PoCL");
  }

  /** Devices that are there and cannot be opened. */
  FakeFamily broken(String why) {
    broken = Optional.of(why);
    return this;
  }

  boolean asked() {
    return asked;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public List<String> forms() {
    return forms;
  }

  @Override
  public List<Device> present() {
    asked = true;
    return present;
  }

  @Override
  public Optional<String> missing() {
    asked = true;
    return missing;
  }

  @Override
  public Optional<String> gemm() {
    return name.equals("cuda") && missing.isEmpty()
        ? Optional.of("a made-up library")
        : Optional.empty();
  }

  @Override
  public Backend open(List<Integer> numbers, WorkSizing sizing) {
    asked = true;
    broken.ifPresent(why -> {
      throw new BackendUnavailable(why);
    });
    opened.add(numbers);
    return new Disguised(new CpuBackend(sizing)) {
      @Override
      public DeviceInfo device() {
        return present.get(numbers.getFirst()).info();
      }
    };
  }
}
