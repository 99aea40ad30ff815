package org.basinsim.campaign;

import java.util.List;
import org.basinsim.results.CellSummary;

/**
 * What a campaign came to.
 *
 * @param finished whether every planned restart is recorded and the results file is whole
 * @param computed restarts trained now
 * @param recorded restarts recorded in all
 * @param planned restarts of the study
 * @param summaries one a cell in the order of the study; empty unless finished
 */
public record CampaignResult(
    boolean finished, long computed, long recorded, long planned, List<CellSummary> summaries) {}
