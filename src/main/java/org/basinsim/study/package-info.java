/**
 * From a TOML file to experiments: reads a study, says everything that is wrong with it at once,
 * and owns the studies that come with the program.
 *
 * <p>The reader knows the keys that every study has. What a system adds (its keys, the rules
 * between them, the experiment they make) is a {@link org.basinsim.study.SystemKind}; a new system
 * is one more of those in {@link org.basinsim.study.Systems}.
 */
package org.basinsim.study;
