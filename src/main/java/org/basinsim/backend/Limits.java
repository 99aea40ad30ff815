package org.basinsim.backend;

import org.basinsim.model.Precision;

/**
 * Loops that do one thing and nothing else, as fast as a device can: what its work is measured
 * against. Get one from {@link Backend#limits}; take the time around a call, the first of each kind
 * apart, for that may compile; close it after use.
 */
public interface Limits extends AutoCloseable {

  /**
   * Carries out fused multiply-adds in registers, enough of them independent of one another that
   * none waits, on the whole device.
   *
   * @param seconds for about so long, more than 0
   * @return how many; each is two floating-point operations
   */
  long multiplyAdds(Precision precision, double seconds);

  /**
   * Draws standard normals as training does, on the whole device, and keeps none.
   *
   * @param seconds for about so long, more than 0
   * @return how many
   */
  long normals(Precision precision, double seconds);

  @Override
  void close();
}
