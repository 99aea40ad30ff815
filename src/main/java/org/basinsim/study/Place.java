package org.basinsim.study;

/**
 * Where a value was given.
 *
 * @param label the start of a message: a file and line, or an option of the command line
 * @param line of the file, from 1; 0 outside the file
 */
record Place(String label, int line) {

  static Place in(String file, int line) {
    return new Place(file + ":" + line, line);
  }
}
