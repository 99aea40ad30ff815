/**
 * How fast a device is and how near to what it can do: restart-steps a second beside the limit that
 * the device itself shows in the same run. An answer that the reference does not give is not timed.
 */
package org.basinsim.benchmark;
