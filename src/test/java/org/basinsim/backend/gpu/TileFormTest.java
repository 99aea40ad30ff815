package org.basinsim.backend.gpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertIterableEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.basinsim.backend.gpu.GpuDescription.Kind;
import org.basinsim.backend.gpu.opencl.OpenClPlatform;
import org.basinsim.backend.gpu.opencl.OpenClProcess;
import org.basinsim.backend.gpu.opencl.PresentOpenCl;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The forms of the kernels that a GPU runs, with teams, barriers and shared memory, in a simulator
 * that reports races between work-items, work-items that miss a barrier, and memory that is read
 * before anybody wrote it or lies outside an array; and the forms of a CPU beside them. All fix one
 * order of summation, so that they give the same bits.
 */
class TileFormTest {
  /**
   * What keeps oclgrind's compiler from making something of the text that oclgrind cannot carry
   * out: notes on memory from functions that it put into others; then also frozen values, which the
   * watch over uninitialised memory does not know, and vectors of truths.
   */
  private static final String FAST = "-O1 -fno-inline";

  private static final String PLAIN = "-O0";

  /** Without inputs. */
  private static final Set<TileCase> POPULATION =
      EnumSet.of(TileCase.POPULATION_SINGLE, TileCase.POPULATION_DOUBLE, TileCase.TWO_LAYER);

  @TempDir Path folder;

  private OpenClProcess start(String level, String... arguments) throws Exception {
    Map<String, String> environment = new HashMap<>(OpenClProcess.oclgrind());
    environment.put("OCLGRIND_UNINITIALIZED", "1");
    environment.put("OCLGRIND_BUILD_OPTIONS", level);
    environment.put("OCLGRIND_NUM_THREADS", "1");
    environment.put("OCLGRIND_MAX_ERRORS", "100000");
    return OpenClProcess.start(folder, environment, List.of(), TileProgram.class, arguments);
  }

  private OpenClProcess start(String level, String what, Set<TileCase> cases) throws Exception {
    List<String> arguments = new ArrayList<>(List.of(what));
    cases.forEach(of -> arguments.add(of.name()));
    return start(level, arguments.toArray(String[]::new));
  }

  /** What a text printed, and what oclgrind said of it, by the text's name. */
  private static Map<String, List<String>> byText(List<String> lines) {
    Map<String, List<String>> texts = new LinkedHashMap<>();
    List<String> last = new ArrayList<>();
    for (String line : lines) {
      if (line.startsWith(TileProgram.TEXT)) {
        last = new ArrayList<>();
        texts.put(line.substring(TileProgram.TEXT.length()), last);
      } else {
        last.add(line);
      }
    }
    return texts;
  }

  /** The rows of the first OpenCL CPU, by vectors of restarts and without a barrier. */
  private static List<String> withoutBarriers(Set<TileCase> cases) {
    PresentOpenCl.require();
    List<GpuDescription> devices = OpenClPlatform.find().devices();
    int cpu =
        IntStream.range(0, devices.size())
            .filter(i -> devices.get(i).kind() == Kind.CPU)
            .findFirst()
            .orElse(-1);
    assumeTrue(cpu >= 0, "no OpenCL device is a processor: install pocl-opencl-icd");
    try (GpuDevice device = OpenClPlatform.open(cpu)) {
      return cases.stream().flatMap(of -> of.rows(device).stream()).toList();
    }
  }

  private static void assertClean(OpenClProcess process) throws Exception {
    assertEquals("", process.errors());
  }

  @Test
  void teamsGiveTheBitsOfTheBarrierFreeForm() throws Exception {
    Set<TileCase> cases = EnumSet.complementOf(EnumSet.copyOf(POPULATION));
    OpenClProcess teams = start(FAST, "rows", cases);
    List<String> expected = withoutBarriers(cases);
    assertIterableEquals(expected, teams.output());
    assertClean(teams);
  }

  @Test
  void anyWidthGivesTheSameBits() throws Exception {
    Set<TileCase> cases =
        EnumSet.of(
            TileCase.STREAM_SMALL,
            TileCase.DATA_SINGLE,
            TileCase.OWN_DOUBLE,
            TileCase.PROJECTED_SINGLE,
            TileCase.POPULATION_SINGLE,
            TileCase.TWO_LAYER);
    OpenClProcess single = start(PLAIN, "rows", POPULATION);
    List<String> expected = withoutBarriers(POPULATION);
    assertIterableEquals(expected, single.output());
    assertClean(single);
    OpenClProcess vectors = start(PLAIN, "vectors", cases);
    assertIterableEquals(withoutBarriers(cases), vectors.output());
    assertClean(vectors);
  }

  @Test
  void theOrderOfWorkItemsDoesNotMatter() throws Exception {
    OpenClProcess process = start(FAST, "order");
    List<List<String>> orders = List.copyOf(byText(process.output()).values());
    assertEquals(2, orders.size());
    assertIterableEquals(orders.getFirst(), orders.getLast());
    byText(process.errors().lines().toList())
        .forEach((item, reports) -> assertEquals(List.of(), reports, item));
  }

  @Test
  void lanesWithoutARestartReadNoStart() throws Exception {
    OpenClProcess process = start(PLAIN, "starts");
    assertEquals(1, process.output().size());
    assertClean(process);
  }

  /** A barrier that nobody would miss is one too many; a fault that nobody reports, a hole here. */
  @Test
  void everyBarrierIsMissedAndOtherFaultsAreReported() throws Exception {
    OpenClProcess process = start(FAST, "faults");
    Map<String, List<String>> rows = byText(process.output());
    Map<String, List<String>> reports = byText(process.errors().lines().toList());
    assertEquals(List.of(), reports.get("as it is"));
    assertReported(reports.get("a stage too short"), "Invalid write of size 4 at local memory");
    assertReported(reports.get("numbers not drawn"), "uninitialized value");
    int barriers = 0;
    for (String text : rows.keySet()) {
      if (text.startsWith("without barrier")) {
        barriers++;
        assertReported(reports.get(text), "data race");
      }
    }
    assertTrue(barriers >= 8, barriers + " barriers");
    assertNotEquals(rows.get("as it is"), rows.get("numbers not drawn"));
  }

  private static void assertReported(List<String> reports, String words) {
    assertTrue(
        reports.stream().anyMatch(report -> report.contains(words)),
        () -> "no '" + words + "' in " + reports);
  }
}
