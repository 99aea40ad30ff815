/**
 * Devices behind OpenCL 1.2 and later, through JOCL; nobody else imports it.
 *
 * <p>{@link org.basinsim.backend.gpu.opencl.OpenClPlatform} says what is there, or what is missing,
 * and opens a device. Loading native code is the dangerous part: it is done once, in {@code
 * OpenClLibrary}, and ends in one line where it fails.
 */
package org.basinsim.backend.gpu.opencl;
