package org.basinsim.backend.gpu;

import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.basinsim.backend.Collector;
import org.basinsim.backend.Probe;
import org.basinsim.backend.WorkSizing;
import org.basinsim.backend.gpu.GpuDescription.Kind;
import org.basinsim.backend.gpu.GpuSystem.Use;
import org.basinsim.backend.gpu.opencl.OpenClPlatform;
import org.basinsim.model.Precision;
import org.basinsim.model.conv.ConvCell;
import org.basinsim.model.conv.ConvExperiment;
import org.basinsim.verification.Mode;

/** A program of tests for oclgrind: trains on the only device there and prints what comes. */
public final class TileProgram {
  /** Begins a line before what is said of a text, on both streams. */
  static final String TEXT = "text ";

  private static final String BARRIER = "  TEAM_BARRIER();";
  private static final String ITEM = "(int)get_local_id(0)";

  private TileProgram() {}

  /** Takes {@code rows} or {@code vectors} and names of cases, {@code order}, {@code faults} … */
  public static void main(String[] arguments) {
    List<String> names = List.of(arguments).subList(1, arguments.length);
    switch (arguments[0]) {
      case "rows" -> names.forEach(name -> rows(TileCase.valueOf(name), 1, text -> text));
      case "vectors" -> names.forEach(name -> rows(TileCase.valueOf(name), 4, text -> text));
      case "order" -> order();
      case "faults" -> faults();
      case "starts" -> starts();
      case "largest" -> largest();
      default -> throw new IllegalArgumentException(arguments[0]);
    }
  }

  private static void rows(TileCase of, int width, UnaryOperator<String> edit) {
    try (GpuDevice device = open(width, edit)) {
      of.rows(device).forEach(System.out::println);
    }
  }

  private static GpuDevice open(int width, UnaryOperator<String> edit) {
    return new TileDevice(() -> OpenClPlatform.open(0), width, edit);
  }

  /** Work-items as the simulator runs them, one after the other, then in the opposite order. */
  private static void order() {
    for (String item : List.of(ITEM, "BASIN_GROUP_SIZE - 1 - " + ITEM)) {
      UnaryOperator<String> edit = text -> replaced(text, "(" + ITEM + ")", "(" + item + ")");
      say(item);
      rows(TileCase.STREAM_SMALL, 1, edit);
      rows(TileCase.DATA_SINGLE, 1, edit);
      try (GpuDevice device = open(1, edit)) {
        Probe probe = new GpuBackend(List.of(device), new WorkSizing(1, 0, 4)).probe();
        for (TileCase of :
            List.of(TileCase.STREAM_SMALL, TileCase.DATA_SINGLE, TileCase.OWN_SINGLE)) {
          double[] gradient = probe.gradient(of.experiment(), 5);
          System.out.println("gradient " + of + ": " + Arrays.toString(gradient));
        }
      }
    }
  }

  /** The text as it is, with a few faults, and without each of its barriers. */
  private static void faults() {
    small("as it is", text -> text);
    small("a stage too short", text -> replaced(text, "stage[CONV_ROOM]", "stage[CONV_ROOM - 1]"));
    small(
        "numbers not drawn",
        text -> replaced(text, "at < numbers; at", "at + CONV_DRAW < numbers; at"));
    for (int i = 0; i < barriers(); i++) {
      small("without barrier " + i, without(i));
    }
  }

  /** Trains with a text whose chunks are shorter than a batch. */
  private static void small(String name, UnaryOperator<String> edit) {
    UnaryOperator<String> chunks = text -> text.replaceFirst("(BASIN_CHUNK) \\d+", "$1 4");
    say(name);
    try {
      rows(TileCase.STREAM_SMALL, 1, text -> edit.apply(chunks.apply(text)));
    } catch (RuntimeException e) {
      // Records of a faulty kernel need make no sense.
      System.out.println(e);
    }
  }

  private static int barriers() {
    try (GpuDevice device = open(1, text -> text)) {
      GpuDescription description = device.describe();
      ConvPlans plans = new ConvPlans(description, WorkSizing.automatic());
      LaunchPlan plan = plans.plan(TileCase.STREAM_SMALL.conv(), Use.TRAIN, 0);
      String text = plan.source(description.dialect()).text();
      return (int) Pattern.compile(BARRIER, Pattern.LITERAL).matcher(text).results().count();
    }
  }

  private static UnaryOperator<String> without(int barrier) {
    return text -> {
      int at = -1;
      for (int i = 0; i <= barrier; i++) {
        at = text.indexOf(BARRIER, at + 1);
      }
      return text.substring(0, at) + text.substring(at + BARRIER.length());
    };
  }

  private static String replaced(String text, String old, String by) {
    if (!text.contains(old)) {
      throw new IllegalArgumentException("no " + old);
    }
    return text.replace(old, by);
  }

  /** Given starts in tiles of 5, 5 and 3, taken by vectors of 4. */
  private static void starts() {
    ConvExperiment experiment =
        Mode.POPULATION_LEARNED_VERDICT.cell(3, 5).precision(Precision.SINGLE).maxSteps(4).build();
    double[][] starts = new double[13][];
    Arrays.setAll(starts, i -> new double[] {i - 6, 3, 1, 1, 1});
    try (GpuDevice device = open(4, text -> text)) {
      Probe probe = new GpuBackend(List.of(device), new WorkSizing(1, 5, 0)).probe();
      System.out.println(Arrays.toString(probe.verdicts(experiment, starts)));
    }
  }

  /** The longest filters and the most output weights of a study, on a processor. */
  private static void largest() {
    int most = 1 << 16;
    try (GpuDevice device = OpenClPlatform.open(0, Kind.CPU)) {
      for (ConvCell cell :
          List.of(
              ConvCell.average(1, most).direct(1, 1),
              ConvCell.average(1, most).empirical(1, 1),
              ConvCell.learned(most, 2, 1).projected(1))) {
        ConvExperiment experiment = cell.maxSteps(1).precision(Precision.SINGLE).build();
        GpuBackend backend = new GpuBackend(List.of(device), WorkSizing.automatic());
        System.out.println(Collector.train(backend, experiment, 2).rows() + " rows");
      }
    }
  }

  private static void say(String name) {
    System.out.println(TEXT + name);
    System.err.println(TEXT + name);
  }
}
