package org.basinsim.campaign;

import java.util.Optional;
import java.util.function.ToDoubleFunction;
import org.basinsim.model.Experiment;

/**
 * What a campaign needs to know beside study and backend.
 *
 * @param mix whether rows of another backend or precision may be gone on with
 * @param softwareVersion version of this program, for the record
 * @param gitCommit commit it was built from, for the record
 * @param exact success probability of a cell by other means, not a number where there is none;
 *     empty where nobody asked
 */
public record CampaignOptions(
    boolean mix,
    String softwareVersion,
    String gitCommit,
    Optional<ToDoubleFunction<Experiment>> exact) {}
