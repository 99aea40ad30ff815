package org.basinsim.backend.gpu.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;

/** What ptxas of several versions prints. */
class ResourceReportTest {

  @Test
  void readsRegistersSpillsStackAndSharedMemory() {
    String ptxas =
        """
        a.cu(3): warning #177-D: variable "x" was declared but never referenced
        ptxas info    : 0 bytes gmem
        ptxas info    : Compiling entry function 'first' for 'sm_90'
        ptxas info    : Function properties for first
            1208 bytes stack frame, 16 bytes spill stores, 24 bytes spill loads
        ptxas info    : Used 255 registers, used 1 barriers, 1208 bytes cumulative stack size, 1024 bytes smem
        ptxas info    : Compile time = 140.412 ms
        ptxas info    : Compiling entry function 'second' for 'sm_75'
        ptxas info    : Function properties for second
            0 bytes stack frame, 0 bytes spill stores, 0 bytes spill loads
        ptxas info    : Used 16 registers, 376 bytes cmem[0], 8 bytes cmem[2]
        """;
    List<ResourceReport> reports = ResourceReport.parse(ptxas);
    assertEquals(
        List.of(
            new ResourceReport("first", "sm_90", 255, 1208, 16, 24, 1024),
            new ResourceReport("second", "sm_75", 16, 0, 0, 0, 0)),
        reports);
    assertEquals(List.of(true, false), reports.stream().map(ResourceReport::spills).toList());
  }

  @Test
  void functionsThatAreCalledDoNotStandForTheirCaller() {
    String ptxas =
        """
        ptxas info    : Compiling entry function 'entry' for 'sm_80'
        ptxas info    : Function properties for callee
            48 bytes stack frame, 4 bytes spill stores, 4 bytes spill loads
        ptxas info    : Function properties for entry
            8 bytes stack frame, 0 bytes spill stores, 0 bytes spill loads
        ptxas info    : Used 40 registers, 56 bytes cumulative stack size, 352 bytes cmem[0]
        """;
    assertEquals(
        List.of(new ResourceReport("entry", "sm_80", 40, 56, 0, 0, 0)),
        ResourceReport.parse(ptxas));
  }

  @Test
  void wordsOfAnUnknownPtxasAreNotTakenForSilence() {
    String cut = "ptxas info    : Compiling entry function 'entry' for 'sm_80'\n";
    assertThrows(IllegalArgumentException.class, () -> ResourceReport.parse(cut));
    String another = cut + "ptxas info    : Compiling entry function 'next' for 'sm_80'\n";
    assertThrows(IllegalArgumentException.class, () -> ResourceReport.parse(another));
    assertEquals(List.of(), ResourceReport.parse("ptxas info    : 0 bytes gmem\n"));
  }
}
