package org.basinsim.backend.cpu;

/** What the words of the generator become. */
enum DrawLaw {
  /** Standard normals, as {@code Gaussian} makes them of four words. */
  NORMAL,
  /** Uniform on [−√3, √3], a number of each word. */
  UNIFORM,
  /** −1 or 1 by the highest bit of each word. */
  SIGN
}
