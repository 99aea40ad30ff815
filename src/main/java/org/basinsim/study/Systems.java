package org.basinsim.study;

import java.util.List;

/** The systems that this version can simulate, and the names of those it cannot yet. */
public final class Systems {
  /** Kinds that study files may name one day; today they are refused by name. */
  static final List<String> LATER = List.of();

  private Systems() {}

  /** One of each kind. */
  public static List<SystemKind> builtIn() {
    return List.of(new ConvKind(), new TwoLayerKind(), new DeepKind());
  }
}
