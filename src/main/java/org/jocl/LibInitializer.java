package org.jocl;

/**
 * Stands in for JOCL's class of this name, which opens {@code libOpenCL.so} alone: on most Linux
 * systems that name comes with development packages, while drivers and the loader bring {@code
 * libOpenCL.so.1}. This one opens the library that was found. The project's classes precede JOCL's
 * jar on the class path.
 */
public final class LibInitializer {
  private static String library;

  private LibInitializer() {}

  /**
   * Chooses the OpenCL library; without effect after the first use of {@link CL}.
   *
   * @param name file name or path, as the system's loader takes it
   */
  public static synchronized void open(String name) {
    library = name;
  }

  /** JOCL calls this once, while it loads {@link CL}. */
  static synchronized void initNativeLibrary() {
    String name = library == null ? LibUtils.createLibraryFileName("OpenCL") : library;
    if (!CL.initNativeLibrary(name)) {
      throw new UnsatisfiedLinkError(name + " could not be loaded");
    }
  }
}
