package org.basinsim.benchmark;

import java.util.List;
import java.util.Map;
import org.basinsim.backend.DeviceInfo;
import org.basinsim.backend.KernelUse;
import org.basinsim.model.Precision;

/**
 * What a benchmark found out about one device.
 *
 * @param versions of what lies below the device's interface
 * @param limits that were measured
 * @param rows one for each kind of work
 * @param kernels that were compiled
 */
public record DeviceReport(
    DeviceInfo device,
    Map<String, String> versions,
    List<Limit> limits,
    List<Row> rows,
    List<KernelUse> kernels) {

  /**
   * A limit.
   *
   * @param perSecond median of all repeats
   */
  public record Limit(Bounds.Quantity quantity, Precision precision, double perSecond) {}
}
