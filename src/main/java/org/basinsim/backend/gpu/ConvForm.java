package org.basinsim.backend.gpu;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.basinsim.model.conv.ConvExperiment;
import org.basinsim.model.conv.ConvState;
import org.basinsim.model.conv.Oracle;

/** The kernels of the convolutional network, and what each draws its numbers from. */
enum ConvForm implements KernelForm {
  /** The exact reduction of population descent. */
  POPULATION("train_population", List.of("conv_noise.h")),
  /** Online, what student and teacher see of the inputs. */
  PROJECTED("train_projected", List.of("start_full.h", "conv_projected.h")),
  /** Online, the inputs themselves, each restart its own. */
  OWN("train_direct", Text.DIRECT),
  /** Online, the inputs themselves, drawn once for a team. */
  STREAM("train_direct", Text.DIRECT),
  /** Data sets. */
  DATA("train_direct", Text.DIRECT);

  /** Texts that forms have in common. */
  private static final class Text {
    static final List<String> COMMON =
        List.of(
            "elementary.h",
            "philox.h",
            "gaussian.h",
            "start.h",
            "conv.h",
            "work.h",
            "conv_outcome.h");

    static final List<String> DIRECT =
        List.of(
            "team.h",
            "start_full.h",
            "input_laws.h",
            "conv_direct.h",
            "conv_inputs.h",
            "optimizer.h");
  }

  private final String entry;
  private final List<String> headers;

  ConvForm(String entry, List<String> headers) {
    this.entry = entry;
    this.headers = headers;
  }

  @Override
  public String entry() {
    return entry;
  }

  @Override
  public List<String> files() {
    List<String> files = new ArrayList<>(Text.COMMON);
    if (specialized()) {
      files.add("conv_output.h");
    }
    files.addAll(headers);
    files.add(entry + ".c");
    return files;
  }

  /** The texts of all forms. */
  static List<String> everyFile() {
    return Arrays.stream(values()).flatMap(form -> form.files().stream()).distinct().toList();
  }

  /** Whether the numbers of patches and of coordinates are constants of the text. */
  boolean specialized() {
    return this != POPULATION;
  }

  boolean direct() {
    return this == OWN || this == STREAM || this == DATA;
  }

  /** BASIN_SOURCE of the text. */
  int source() {
    return ordinal() - OWN.ordinal();
  }

  @Override
  public int stateReals() {
    return ConvState.SIZE;
  }

  @Override
  public int recordReals() {
    return ConvRecords.REALS;
  }

  @Override
  public String words(LaunchPlan plan) {
    String size =
        specialized() ? " k" + plan.number("BASIN_K") + " p" + plan.number("BASIN_P") : "";
    String output = plan.number("BASIN_LEARNED").equals("1") ? "learned" : "average";
    return "%s%s, %s, %s output"
        .formatted(name().toLowerCase(Locale.ROOT), size, plan.precision().word(), output);
  }

  /** The form of a plan of this system. */
  static ConvForm of(LaunchPlan plan) {
    return plan.form() instanceof FilterNoted noted ? noted.of() : (ConvForm) plan.form();
  }

  /**
   * The form that serves an experiment.
   *
   * @param fewestSharing from so many restarts a stream on, drawing inputs once for all pays
   */
  static ConvForm of(ConvExperiment experiment, int fewestSharing) {
    return switch (experiment.oracle()) {
      case Oracle.Population of -> POPULATION;
      case Oracle.Online of when of.projected() -> PROJECTED;
      case Oracle.Online of -> of.share() >= fewestSharing ? STREAM : OWN;
      case Oracle.Empirical of -> DATA;
    };
  }
}
