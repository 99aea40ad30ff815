package org.basinsim.study;

import java.util.List;

/**
 * A key and its value as a study gives them.
 *
 * @param key dotted
 * @param value as TOML has it
 * @param place where
 * @param elements where the elements of a list stand; empty for other values
 */
record Entry(String key, Object value, Place place, List<Place> elements) {}
