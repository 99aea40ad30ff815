package org.basinsim.model.deep;

import java.util.Locale;

/** Where the labels of drawn inputs come from; those of a file stand in it. */
public enum Labels {
  /** Independent standard normals. */
  NORMAL,
  /** Independent and −1 or 1, as likely as not. */
  SIGNS,
  /** y_i = √c_σ σ(v·x_i) with v ~ N(0, I): one unit of the first layer, of mean square 1. */
  TEACHER;

  /** The word used in study files. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
