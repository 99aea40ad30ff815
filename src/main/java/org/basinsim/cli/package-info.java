/**
 * The command line: picocli commands, exit codes and what people read on a terminal. {@link
 * org.basinsim.cli.Backends} is the composition root, the only place that names concrete backends.
 */
package org.basinsim.cli;
