package org.basinsim.model.twolayer;

/**
 * The numbers of a state that an outcome is read from.
 *
 * @param loss F
 * @param gradient 2π max_i ‖∂F∕∂w_i‖; with this factor, SS18's threshold is 10⁻⁹
 * @param norm max_i ‖w_i‖
 */
public record TwoLayerState(double loss, double gradient, double norm) {

  /** loss, gradient, norm. */
  public double[] toArray() {
    return new double[] {loss, gradient, norm};
  }
}
