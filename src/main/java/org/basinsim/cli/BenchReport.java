package org.basinsim.cli;

import java.math.BigDecimal;
import java.math.MathContext;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.basinsim.backend.KernelUse;
import org.basinsim.benchmark.Bounds;
import org.basinsim.benchmark.DeviceReport;
import org.basinsim.benchmark.Row;
import org.basinsim.benchmark.Work;
import org.basinsim.model.conv.ConvExperiment;
import org.basinsim.report.Json;
import org.basinsim.report.TextTable;

/** What a benchmark found out, as text. */
final class BenchReport {
  private final List<DeviceReport> devices;

  BenchReport(List<DeviceReport> devices) {
    this.devices = devices;
  }

  /** One row on one line, for people who wait. */
  static String line(Row row) {
    return row.work()
        + ": "
        + row.measured()
            .map(measured ->
                "%s restart-steps/s, %s of the limit"
                    .formatted(
                        rate(measured.speed().rate()), fraction(measured.speed().fraction())))
            .orElse("not timed: " + row.remark());
  }

  /** For people. */
  String table() {
    TextTable table =
        new TextTable(
            List.of(
                "device",
                "system",
                "oracle",
                "sampling",
                "precision",
                "p",
                "k",
                "inputs",
                "share",
                "options",
                "restart-steps/s",
                "of limit",
                "limit",
                "bound by"));
    List<String> remarks = new ArrayList<>();
    for (DeviceReport report : devices) {
      for (Row row : report.rows()) {
        Work work = row.work();
        List<String> line = new ArrayList<>();
        line.add(report.device().name());
        line.add(work.system());
        line.add(work.oracle());
        line.add(work.sampling());
        line.add(work.precision().word());
        line.add(work.conv().map(conv -> Integer.toString(conv.patchSize())).orElse(""));
        line.add(work.conv().map(conv -> Integer.toString(conv.patches())).orElse(""));
        line.add(work.inputs() == 0 ? "" : Integer.toString(work.inputs()));
        line.add(Integer.toString(work.share()));
        line.add(work.options());
        line.add(row.measured().map(m -> rate(m.speed().rate())).orElse(row.status().word()));
        line.add(row.measured().map(m -> fraction(m.speed().fraction())).orElse(""));
        line.add(row.measured().map(m -> rate(m.speed().limit())).orElse(""));
        line.add(boundBy(row).map(quantity -> quantity.word().replace('_', '-')).orElse(""));
        table.add(line);
        if (row.measured().isEmpty()) {
          remarks.add(report.device().name() + ": " + line(row) + "\n");
        }
      }
    }
    return table + String.join("", remarks);
  }

  /** For programs: an object of lists, one object of a list a line. */
  String json() {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("format", "basin-bench");
    document.put("format_version", 1);
    document.put("date", LocalDate.now().toString());
    document.put("software_version", Version.text());
    document.put("git_commit", Version.commit());
    document.put("jvm", Runtime.version().toString());
    document.put("threads", Runtime.getRuntime().availableProcessors());
    List<Map<String, ?>> infos = new ArrayList<>();
    List<Map<String, ?>> limits = new ArrayList<>();
    List<Map<String, ?>> rows = new ArrayList<>();
    List<Map<String, ?>> kernels = new ArrayList<>();
    for (DeviceReport report : devices) {
      String device = report.device().name();
      infos.add(info(report));
      report.limits().forEach(limit -> limits.add(limit(device, limit)));
      report.rows().forEach(row -> rows.add(row(device, row)));
      report.kernels().forEach(kernel -> kernels.add(kernel(device, kernel)));
    }
    document.put("devices", infos);
    document.put("limits", limits);
    document.put("rows", rows);
    document.put("kernels", kernels);
    return Json.document(document);
  }

  private static Map<String, ?> info(DeviceReport report) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("device", report.device().name());
    fields.put("backend", report.device().backend());
    fields.put("description", report.device().description());
    fields.putAll(report.versions());
    return fields;
  }

  private static Map<String, ?> limit(String device, DeviceReport.Limit limit) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("device", device);
    fields.put("quantity", limit.quantity().word());
    fields.put("precision", limit.precision().word());
    fields.put("per_second", significant(limit.perSecond()));
    return fields;
  }

  private static Map<String, ?> row(String device, Row row) {
    Work work = row.work();
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("device", device);
    fields.put("system", work.system());
    fields.put("oracle", work.oracle());
    fields.put("sampling", work.sampling().isEmpty() ? null : work.sampling());
    fields.put("precision", work.precision().word());
    fields.put("patch_size", work.conv().map(ConvExperiment::patchSize).orElse(null));
    fields.put("patches", work.conv().map(ConvExperiment::patches).orElse(null));
    fields.put("inputs", work.inputs() == 0 ? null : work.inputs());
    fields.put("share", work.share());
    fields.put("options", work.options().isEmpty() ? null : work.options());
    fields.put("flops_per_step", work.flops());
    fields.put("normals_per_step", work.normals());
    fields.put("status", row.status().word());
    row.measured()
        .ifPresentOrElse(
            measured -> {
              fields.put("restarts", measured.restarts());
              fields.put("steps", measured.steps());
              fields.put("restart_steps_per_second", significant(measured.speed().rate()));
              fields.put("fraction_of_limit", significant(measured.speed().fraction()));
              fields.put("limit", significant(measured.speed().limit()));
              fields.put("bound_by", boundBy(row).map(Bounds.Quantity::word).orElse(null));
              fields.put("prepare_seconds", significant(measured.prepareSeconds()));
            },
            () -> fields.put("remark", row.remark()));
    return fields;
  }

  private static Map<String, ?> kernel(String device, KernelUse kernel) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("device", device);
    fields.put("name", kernel.name());
    fields.put("registers", kernel.registers());
    fields.put("local_bytes", kernel.localBytes());
    fields.put("shared_bytes", kernel.sharedBytes());
    return fields;
  }

  private static Optional<Bounds.Quantity> boundBy(Row row) {
    return row.measured().flatMap(Row.Measured::boundBy);
  }

  private static String rate(double rate) {
    return Double.isFinite(rate) ? String.format(Locale.ROOT, "%.3g", rate) : "unknown";
  }

  private static String fraction(double fraction) {
    return Double.isFinite(fraction) ? String.format(Locale.ROOT, "%.3f", fraction) : "unknown";
  }

  /** Four digits: the machine gives no more. */
  private static double significant(double value) {
    return Double.isFinite(value)
        ? new BigDecimal(value).round(new MathContext(4)).doubleValue()
        : value;
  }
}
