package org.basinsim.backend.gpu.cuda;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What ptxas says a kernel takes ({@code nvcc -Xptxas -v}).
 *
 * @param entry name of the kernel's function
 * @param architecture such as {@code sm_90}
 * @param registers 32-bit registers a thread
 * @param stackBytes local memory a thread: arrays indexed at run time, and spills
 * @param spillStoreBytes bytes a thread stores because registers run out, counted once in the code
 * @param spillLoadBytes bytes it loads back
 * @param sharedBytes static shared memory a group
 */
public record ResourceReport(
    String entry,
    String architecture,
    int registers,
    int stackBytes,
    int spillStoreBytes,
    int spillLoadBytes,
    int sharedBytes) {

  private static final Pattern ENTRY =
      Pattern.compile("Compiling entry function '([^']+)' for '([^']+)'");
  private static final Pattern FUNCTION = Pattern.compile("Function properties for (\\S+)");
  private static final Pattern STACK =
      Pattern.compile(
          "(\\d+) bytes stack frame, (\\d+) bytes spill stores, (\\d+) bytes spill loads");
  private static final Pattern REGISTERS = Pattern.compile("Used (\\d+) registers");
  private static final Pattern CUMULATIVE = Pattern.compile("(\\d+) bytes cumulative stack size");
  private static final Pattern SHARED = Pattern.compile("(\\d+) bytes smem");

  /**
   * Reads a report.
   *
   * @param ptxas what ptxas printed, other lines among it
   * @return one an entry function, in its order
   * @throws IllegalArgumentException for an entry function without numbers: another ptxas speaks
   *     otherwise
   */
  public static List<ResourceReport> parse(String ptxas) {
    List<ResourceReport> reports = new ArrayList<>();
    String[] entry = null;
    boolean own = false;
    int[] stack = null;
    for (String line : ptxas.lines().toList()) {
      Matcher header = ENTRY.matcher(line);
      Matcher function = FUNCTION.matcher(line);
      Matcher frame = STACK.matcher(line);
      if (header.find()) {
        requireNone(entry);
        entry = new String[] {header.group(1), header.group(2)};
        stack = null;
      } else if (function.find()) {
        // Functions that are called, not inlined, have lines of their own.
        own = entry != null && function.group(1).equals(entry[0]);
      } else if (own && frame.find()) {
        stack = new int[] {number(frame, 1), number(frame, 2), number(frame, 3)};
        own = false;
      } else if (entry != null && stack != null && REGISTERS.matcher(line).find()) {
        reports.add(
            new ResourceReport(
                entry[0],
                entry[1],
                found(REGISTERS, line),
                Math.max(stack[0], found(CUMULATIVE, line)),
                stack[1],
                stack[2],
                found(SHARED, line)));
        entry = null;
      }
    }
    requireNone(entry);
    return reports;
  }

  /** Whether registers ran out. */
  public boolean spills() {
    return spillStoreBytes > 0 || spillLoadBytes > 0;
  }

  private static void requireNone(String[] entry) {
    if (entry != null) {
      throw new IllegalArgumentException("ptxas says nothing of " + entry[0]);
    }
  }

  private static int found(Pattern pattern, String line) {
    Matcher matcher = pattern.matcher(line);
    return matcher.find() ? number(matcher, 1) : 0;
  }

  private static int number(Matcher matcher, int group) {
    return Integer.parseInt(matcher.group(group));
  }
}
