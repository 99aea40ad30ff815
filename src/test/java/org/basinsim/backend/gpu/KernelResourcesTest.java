package org.basinsim.backend.gpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.basinsim.backend.DeviceInfo;
import org.basinsim.backend.WorkSizing;
import org.basinsim.backend.gpu.BatchedGemm.Product;
import org.basinsim.backend.gpu.GpuSystem.Use;
import org.basinsim.backend.gpu.cuda.Nvcc;
import org.basinsim.backend.gpu.cuda.ResourceReport;
import org.basinsim.backend.gpu.cuda.Target;
import org.basinsim.model.Experiment;
import org.basinsim.model.Precision;
import org.basinsim.model.Streams;
import org.basinsim.model.conv.ConvCell;
import org.basinsim.model.conv.Inputs;
import org.basinsim.model.conv.Noise;
import org.basinsim.model.conv.Optimizer;
import org.basinsim.model.deep.Activation;
import org.basinsim.model.deep.Architecture;
import org.basinsim.model.deep.DeepExperiment;
import org.basinsim.model.deep.DeepExperiments;
import org.basinsim.model.twolayer.TwoLayerExperiment;
import org.basinsim.model.twolayer.TwoLayerRule;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * What the compiler makes of every form of kernel at the documented sizes. The kept report, {@code
 * src/test/resources/kernels/resources.txt}, has a line for each form and target: registers, bytes
 * of the stack frame (arrays indexed at run time), of spills, of shared memory. A change that lets
 * one grow says so by changing the report: it is written anew to {@code target/} by {@code
 * scripts/test --all}. Another compiler than the report's may take more, but must not spill either.
 */
class KernelResourcesTest {
  private static final Path KEPT = Path.of("src/test/resources/kernels/resources.txt");
  private static final List<Integer> CAPABILITIES = List.of(75, 80, 90, 120);

  /** Sizes k, p of the direct forms. */
  private static final int[][] DIRECT = {{8, 8}, {16, 16}, {32, 64}};

  /** Sizes k of the projected form: registers up to 64, shared memory beyond. */
  private static final int[] PROJECTED = {8, 16, 25, 36, 49, 64, 100};

  /** Sizes p, stride of patches that overlap: in registers, and in arrays. */
  private static final int[][] OVERLAP = {{2, 1}, {5, 2}, {16, 4}};

  /** Sizes k = n of two layers. */
  private static final int[] TWO_LAYER = {6, 20};

  /** The schedule of Zhou et al. 2019. */
  private static final Noise PUBLISHED = new Noise(36, 1, 0.4, 0.8, 400);

  /** Registers and bytes, by name of a form and target. */
  private static final Map<String, String> FOUND = new TreeMap<>();

  /** Over-parameterized networks: whole steps, the product of each form, and what is between. */
  private static Map<String, KernelSource> deep() {
    Map<String, KernelSource> forms = new TreeMap<>();
    for (Precision precision : Precision.values()) {
      String word = " " + precision.word();
      DeepExperiment cell =
          DeepExperiments.experiment(
              DeepExperiments.network(Architecture.CONV_RESNET, Activation.ERF, 64),
              100,
              1,
              precision);
      DeepPlan plan = DeepPlan.of(cell, DEVICE, 1, WorkSizing.automatic());
      forms.put("deep whole" + word, plan.fusedSource());
      for (String entry :
          List.of(
              "unfold",
              "fold",
              "activate",
              "output",
              "residuals",
              "judge",
              "seed",
              "sensitivities",
              "output_step",
              "gram")) {
        forms.put("deep " + entry + word, plan.source(entry));
      }
      for (int size : new int[] {20, 512}) {
        for (boolean a : new boolean[] {false, true}) {
          for (boolean b : new boolean[] {false, true}) {
            String name = "product " + (a ? "T" : "N") + (b ? "T" : "N") + " of " + size + word;
            Product product = new Product(size, size, size, a, b, true);
            if (!a || !b) {
              forms.put(name, OwnGemm.source(DEVICE, precision, product));
            }
          }
        }
      }
    }
    return forms;
  }

  private static Map<String, KernelSource> documented() {
    Map<String, KernelSource> sources = deep();
    experiments().forEach((name, experiment) -> sources.put(name, source(experiment)));
    return sources;
  }

  private static Map<String, Experiment> experiments() {
    Map<String, Experiment> forms = new TreeMap<>();
    for (Precision precision : Precision.values()) {
      String word = " " + precision.word();
      put(forms, "population" + word, ConvCell.learned(25, 6, 4).precision(precision));
      ConvCell noisy = ConvCell.learned(25, 6, 4).near(0.05, 0.1).noise(PUBLISHED);
      put(forms, "population noise" + word, noisy.precision(precision));
      put(forms, "population average" + word, ConvCell.average(25, 6).precision(precision));
      for (int k : PROJECTED) {
        ConvCell cell = ConvCell.learned(k, 6, 4).projected(128).precision(precision);
        put(forms, "projected k" + k + word, cell);
      }
      ConvCell average = ConvCell.average(16, 6).projected(128).precision(precision);
      put(forms, "projected average k16" + word, average);
      ConvCell leaky = ConvCell.learned(25, 6, 4).slope(0.3).precision(precision);
      put(forms, "population leaky" + word, leaky);
      put(forms, "projected leaky k25" + word, leaky.projected(128));
      for (int[] size : DIRECT) {
        int k = size[0];
        int p = size[1];
        String at = " k" + k + " p" + p + word;
        put(forms, "own" + at, direct(k, p).direct(128, 1).precision(precision));
        put(forms, "stream" + at, direct(k, p).direct(128, 1024).precision(precision));
        put(forms, "data" + at, direct(k, p).empirical(1000, 16).precision(precision));
      }
      String overlapping = " overlap k16 p5 stride 2" + word;
      put(forms, "own" + overlapping, overlap().direct(128, 1).precision(precision));
      put(forms, "stream" + overlapping, overlap().direct(128, 1024).precision(precision));
      put(forms, "data" + overlapping, overlap().empirical(1000, 16).precision(precision));
      ConvCell uniform = direct(16, 16).inputs(new Inputs.Uniform()).precision(precision);
      put(forms, "own uniform k16 p16" + word, uniform.direct(128, 1));
      ConvCell correlated = direct(16, 16).inputs(new Inputs.Correlated(0.5)).precision(precision);
      put(forms, "stream correlated k16 p16" + word, correlated.direct(128, 1024));
    }
    putOptions(forms);
    for (int[] size : OVERLAP) {
      for (Precision precision : Precision.values()) {
        String name = "overlap p%d stride %d %s".formatted(size[0], size[1], precision.word());
        put(forms, name, ConvCell.average(10, size[0]).stride(size[1]).precision(precision));
      }
    }
    for (Precision precision : Precision.values()) {
      String name = "overlap leaky p5 stride 2 " + precision.word();
      put(forms, name, ConvCell.average(10, 5).stride(2).slope(0.3).precision(precision));
    }
    for (int k : TWO_LAYER) {
      forms.put("two-layer k" + k + " n" + k + " double", twoLayer(k));
    }
    return forms;
  }

  /** Each option of the direct forms, and the one that takes most with the other. */
  private static void putOptions(Map<String, Experiment> forms) {
    Optimizer adam = new Optimizer.Adam(0.9, 0.999, 1e-8);
    for (Precision precision : Precision.values()) {
      ConvCell own = direct(16, 16).direct(128, 1).precision(precision);
      ConvCell stream = direct(16, 16).direct(128, 1024).precision(precision);
      ConvCell data = direct(16, 16).empirical(1000, 16).precision(precision);
      String at = " k16 p16 " + precision.word();
      put(forms, "own momentum" + at, own.optimizer(new Optimizer.Momentum(0.9)));
      put(forms, "own leaky adam" + at, own.slope(0.3).optimizer(adam));
      put(forms, "stream adagrad" + at, stream.optimizer(new Optimizer.AdaGrad(1e-8)));
      put(forms, "stream leaky adam" + at, stream.slope(0.3).optimizer(adam));
      put(forms, "data leaky" + at, data.slope(0.3));
      put(forms, "data leaky adam" + at, data.optimizer(adam));
    }
  }

  private static TwoLayerExperiment twoLayer(int k) {
    TwoLayerRule rule = new TwoLayerRule(1e-3, 1e-6);
    return new TwoLayerExperiment(k, k, 0.1, 1, rule, Set.of(), 1, Streams.INDEPENDENT);
  }

  private static ConvCell overlap() {
    return ConvCell.average(16, 5).stride(2);
  }

  private static ConvCell direct(int k, int p) {
    return ConvCell.learned(k, p, 4);
  }

  private static void put(Map<String, Experiment> forms, String name, ConvCell cell) {
    forms.put(name, cell.build());
  }

  private static Nvcc nvcc() {
    try {
      return Nvcc.find();
    } catch (GpuFailure e) {
      assumeTrue(false, e.getMessage());
      throw e;
    }
  }

  private static final GpuDescription DEVICE =
      new GpuDescription(
          new DeviceInfo("cuda", "cuda:0", "none"),
          "cuda",
          GpuDescription.Kind.GPU,
          "",
          "",
          132,
          1,
          true,
          1L << 36,
          48 << 10,
          1024);

  private static KernelSource source(Experiment experiment) {
    GpuDescription device = DEVICE;
    return GpuBackend.SYSTEMS.stream()
        .flatMap(system -> system.prepare(experiment, device, WorkSizing.automatic()).stream())
        .findFirst()
        .orElseThrow()
        .plan(Use.TRAIN, 0)
        .source("cuda");
  }

  private static Map<String, int[]> kept() throws IOException {
    return Files.readAllLines(KEPT).stream()
        .filter(line -> !line.startsWith("#"))
        .map(line -> line.split(" *[|] *"))
        .collect(
            Collectors.toMap(
                line -> line[0] + " | " + line[1],
                line ->
                    new int[] {
                      Integer.parseInt(line[2]),
                      Integer.parseInt(line[3]),
                      Integer.parseInt(line[4]),
                      Integer.parseInt(line[5])
                    }));
  }

  private static List<String> compare(Map<String, KernelSource> forms, List<Integer> capabilities)
      throws IOException {
    Nvcc nvcc = nvcc();
    Map<String, int[]> kept = kept();
    boolean sameCompiler = Files.readAllLines(KEPT).getFirst().endsWith("; " + nvcc.version());
    List<String> grown = new ArrayList<>();
    forms.entrySet().stream()
        .flatMap(form -> capabilities.stream().map(target -> Map.entry(form, target)))
        .toList()
        .parallelStream()
        .forEach(task -> {
          String name = task.getKey().getKey() + " | sm_" + task.getValue();
          KernelSource source = task.getKey().getValue();
          ResourceReport report =
              nvcc.compileWithReports(source, new Target(task.getValue(), true)).reports().stream()
                  .filter(each -> each.entry().equals(source.entry()))
                  .findFirst()
                  .orElseThrow();
          int spills = report.spillStoreBytes() + report.spillLoadBytes();
          int[] found = {report.registers(), report.stackBytes(), spills, report.sharedBytes()};
          int[] allowed = kept.getOrDefault(name, new int[4]);
          boolean more = spills > 0;
          for (int i = 0; sameCompiler && i < found.length; i++) {
            more |= found[i] > allowed[i];
          }
          synchronized (grown) {
            String line =
                "%s | %d | %d | %d | %d".formatted(name, found[0], found[1], found[2], found[3]);
            FOUND.put(name, line);
            if (more) {
              grown.add(line);
            }
          }
        });
    return grown;
  }

  @Test
  void theHungriestFormsTakeWhatIsKept() throws IOException {
    Map<String, KernelSource> forms = documented();
    forms
        .keySet()
        .retainAll(
            List.of(
                "population single",
                "population double",
                "population noise single",
                "population noise double",
                "population leaky single",
                "projected leaky k25 double",
                "projected k64 single",
                "projected k100 single",
                "projected k16 double",
                "own k16 p16 single",
                "own overlap k16 p5 stride 2 single",
                "stream correlated k16 p16 single",
                "stream k16 p16 single",
                "stream k32 p64 single",
                "data k16 p16 single",
                "data k16 p16 double",
                "own leaky adam k16 p16 single",
                "stream leaky adam k16 p16 single",
                "data leaky adam k16 p16 double",
                "two-layer k20 n20 double",
                "deep whole double",
                "deep output double",
                "deep seed single",
                "product TN of 512 single",
                "product NT of 512 double"));
    assertEquals(25, forms.size());
    assertEquals(List.of(), compare(forms, List.of(90)));
    forms.keySet().retainAll(List.of("projected k64 single", "stream k16 p16 single"));
    assertEquals(List.of(), compare(forms, List.of(75, 80, 120)));
  }

  @Test
  @Tag("exhaustive")
  void everyFormForEveryTargetTakesWhatIsKept() throws IOException {
    List<String> grown = compare(documented(), CAPABILITIES);
    Files.createDirectories(Path.of("target"));
    Files.writeString(
        Path.of("target/kernel-resources.txt"),
        "# form | target | registers | stack bytes | spill bytes | shared bytes; "
            + nvcc().version()
            + "\n"
            + FOUND.values().stream().map(line -> line + "\n").collect(Collectors.joining()));
    assertEquals(List.of(), grown);
    assertTrue(FOUND.size() >= documented().size() * CAPABILITIES.size());
  }

  /** Sizes that nobody documents compile, whatever they take. */
  @Test
  void oddSizesCompile() {
    Nvcc nvcc = nvcc();
    for (ConvCell cell :
        List.of(
            ConvCell.learned(13, 17, 1).direct(7, 1),
            ConvCell.average(13, 17).direct(7, 67).precision(Precision.SINGLE),
            ConvCell.learned(1, 2, 1).empirical(5, 3))) {
      assertEquals(
          1, nvcc.compileWithReports(source(cell.build()), new Target(90, true)).reports().size());
    }
  }
}
