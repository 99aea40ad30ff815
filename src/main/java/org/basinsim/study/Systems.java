package org.basinsim.study;

import java.util.List;

/** The systems that this version can simulate. */
public final class Systems {
  private Systems() {}

  /** One of each kind. */
  public static List<SystemKind> builtIn() {
    return List.of(new ConvKind(), new TwoLayerKind(), new DeepKind());
  }
}
