package org.basinsim.backend;

/**
 * A piece of hardware under a backend, as recorded with results.
 *
 * @param backend {@code reference}, {@code cpu}, …
 * @param name what {@code --device} takes: {@code cpu}, {@code reference}
 * @param description hardware in words: processor, threads, vector width
 */
public record DeviceInfo(String backend, String name, String description) {}
