package org.basinsim.backend.gpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import org.basinsim.backend.Trainer;
import org.basinsim.backend.WorkSizing;
import org.basinsim.backend.gpu.GpuDescription.Kind;
import org.basinsim.backend.gpu.opencl.OpenClPlatform;
import org.basinsim.backend.gpu.opencl.PresentOpenCl;
import org.basinsim.model.Precision;
import org.basinsim.model.RestartRange;
import org.basinsim.model.conv.ConvCell;
import org.basinsim.model.conv.ConvExperiment;
import org.basinsim.verification.Mode;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * On an OpenCL device every column is the same to the last bit, trajectories included: however the
 * work is cut, in whatever groups, and whatever cells stand beside it. One mode for each kernel;
 * {@code OpenClFaultsTest} has several devices.
 */
class OpenClColumnsTest {
  private static final WorkSizing AUTOMATIC = new WorkSizing(1, 0, 0);

  /** A multiple of neither a share nor a data set nor a vector. */
  private static final int RESTARTS = 131;

  private static KernelsKept one;
  private static KernelsKept asGpu;

  @BeforeAll
  static void open() {
    one = new KernelsKept(PresentOpenCl.open());
    asGpu = new KernelsKept(OpenClPlatform.open(0, Kind.GPU));
  }

  @AfterAll
  static void close() {
    if (asGpu != null) {
      one.end();
      asGpu.end();
    }
  }

  /** Two cells of one plan, with different numbers and different ends. */
  private static List<ConvExperiment> cells(Mode mode, Precision precision) {
    return List.of(cell(mode, precision).build(), cell(mode, precision).stepSize(0.3).build());
  }

  private static ConvCell cell(Mode mode, Precision precision) {
    return mode.cell(2, 3).recordAll().precision(precision);
  }

  private static List<RestartRange> ranges(int cells) {
    List<RestartRange> ranges = new ArrayList<>();
    for (int cell = 0; cell < cells; cell++) {
      ranges.add(new RestartRange(cell, 5, RESTARTS));
    }
    return ranges;
  }

  private static List<RestartRange> shuffled(List<RestartRange> asked, Random random) {
    List<RestartRange> ranges = new ArrayList<>();
    for (RestartRange range : asked) {
      for (long first = range.first(); first < range.end(); ) {
        long count = Math.min(1 + random.nextInt(40), range.end() - first);
        ranges.add(new RestartRange(range.cell(), first, count));
        first += count;
      }
    }
    Collections.shuffle(ranges, random);
    return ranges;
  }

  private static List<SortedMap<Long, List<Object>>> train(
      GpuDevice device, WorkSizing sizing, List<ConvExperiment> cells, List<RestartRange> ranges) {
    Kept kept = new Kept(cells.size());
    try (GpuBackend backend = new GpuBackend(List.of(device), sizing);
        Trainer trainer = backend.prepare(cells)) {
      trainer.train(ranges, kept);
    }
    assertEquals(List.of(), kept.missing(ranges));
    return kept.rows();
  }

  @ParameterizedTest
  @EnumSource(
      names = {
        "POPULATION_LEARNED_VERDICT",
        "PROJECTED_LEARNED",
        "DIRECT_LEARNED",
        "DIRECT_LEARNED_SHARE_64",
        "EMPIRICAL_LEARNED"
      })
  void areTheSame(Mode mode) {
    Random random = new Random(mode.ordinal());
    for (Precision precision : Precision.values()) {
      int before = one.compiled();
      List<ConvExperiment> cells = cells(mode, precision);
      List<RestartRange> asked = ranges(2);
      var expected = train(one, AUTOMATIC, cells, asked);
      assertNotEquals(expected.get(0), expected.get(1));
      for (int launch : new int[] {1, 7, 64, 4096, 10_000_000}) {
        var rows = train(one, new WorkSizing(1, launch, 0), cells, shuffled(asked, random));
        assertSame(expected, rows, mode, precision + " launch " + launch);
      }
      assertSame(
          List.of(expected.get(1)),
          train(one, AUTOMATIC, List.of(cells.get(1)), ranges(1)),
          mode,
          precision + " a cell alone");
      ConvExperiment third = cell(mode, precision).seed(3).build();
      var reordered = train(one, AUTOMATIC, List.of(cells.get(1), third, cells.get(0)), ranges(3));
      assertSame(
          expected, List.of(reordered.get(2), reordered.get(0)), mode, precision + " among others");
      assertTrue(one.compiled() <= before + 1, "cells of one plan go into the same launches");
    }
  }

  /** One restart a work-item and no barrier: the forms that share inputs need real hardware. */
  @ParameterizedTest
  @EnumSource(names = {"POPULATION_LEARNED_VERDICT", "PROJECTED_LEARNED", "DIRECT_LEARNED"})
  void areTheSameInGroupsOfAnySize(Mode mode) {
    List<ConvExperiment> cells = cells(mode, Precision.SINGLE);
    var expected = train(one, AUTOMATIC, cells, ranges(2));
    for (int group : new int[] {1, 48}) {
      var rows = train(asGpu, new WorkSizing(1, 0, group), cells, ranges(2));
      assertSame(expected, rows, mode, "groups of " + group);
    }
  }

  private static void assertSame(
      List<SortedMap<Long, List<Object>>> expected,
      List<SortedMap<Long, List<Object>>> rows,
      Mode mode,
      String cut) {
    // Not assertEquals: its message would hold every number.
    assertTrue(expected.equals(rows), mode + " " + cut);
  }
}
