package org.basinsim.campaign;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.basinsim.backend.Backend;
import org.basinsim.backend.DeviceInfo;
import org.basinsim.backend.Sink;
import org.basinsim.backend.Trainer;
import org.basinsim.model.Experiment;
import org.basinsim.model.Outcomes;
import org.basinsim.model.RestartRange;
import org.basinsim.results.CellSummary;
import org.basinsim.results.Coverage;
import org.basinsim.results.Manifest;
import org.basinsim.results.MismatchedResults;
import org.basinsim.results.Provenance;
import org.basinsim.results.ResultsFile;
import org.basinsim.results.ResultsStore;
import org.basinsim.study.BrokenStudy;
import org.basinsim.study.Cell;
import org.basinsim.study.Study;

/**
 * Carries one study out into one file: goes on where work is partly done, extends finished work by
 * restarts or cells, and does nothing where nothing is missing.
 */
public final class Campaign {
  private final Study study;
  private final Manifest manifest;
  private final Function<String, Study> reader;

  /**
   * A campaign for a study.
   *
   * @param reader reads the text of a study recorded earlier, to say how it differs
   */
  public Campaign(Study study, Function<String, Study> reader) {
    this.study = study;
    this.manifest = Manifests.of(study);
    this.reader = reader;
  }

  /**
   * Trains what the file lacks and records it. Returns when all is done, or soon after {@code stop}
   * asks for it; then all finished work is kept and another run goes on.
   *
   * @param backend trains
   * @param file the results file, new or begun
   * @param progress told as outcomes arrive
   * @throws MismatchedResults where the file holds another study, naming the keys that differ
   * @throws org.basinsim.results.DamagedResults where the file is damaged
   * @throws org.basinsim.results.InaccessibleResults where it cannot be read or written
   * @throws org.basinsim.backend.BackendUnavailable where the device cannot serve
   */
  public CampaignResult run(
      Backend backend, Path file, CampaignOptions options, Progress progress, StopFlag stop) {
    try (ResultsStore store = open(backend, file, options)) {
      store.notices().forEach(progress::notice);
      List<RestartRange> missing = missing(store.recorded());
      long computed = 0;
      if (!missing.isEmpty()) {
        try (Trainer trainer = backend.prepare(experiments())) {
          Recording recording = new Recording(store, progress, stop, missing);
          trainer.train(missing, recording);
          computed = recording.computed;
        }
      }
      long recorded = store.recorded().stream().mapToLong(Coverage::count).sum();
      if (!missing(store.recorded()).isEmpty()) {
        return new CampaignResult(false, computed, recorded, planned(), List.of());
      }
      List<CellSummary> summaries = finish(store, file, options, missing.isEmpty());
      return new CampaignResult(true, computed, recorded, planned(), summaries);
    }
  }

  private ResultsStore open(Backend backend, Path file, CampaignOptions options) {
    try {
      return ResultsStore.open(file, manifest, provenance(backend, options), options.mix());
    } catch (MismatchedResults e) {
      throw e.recordedStudy().map(text -> explain(e, text)).orElse(e);
    }
  }

  private MismatchedResults explain(MismatchedResults refusal, String recorded) {
    try {
      return refusal.naming(Differences.between(reader.apply(recorded), study));
    } catch (BrokenStudy e) {
      return refusal; // recorded by a version that understood more, or its input file is gone
    }
  }

  private Provenance provenance(Backend backend, CampaignOptions options) {
    DeviceInfo device = backend.device();
    Map<String, String> versions = backend.versions();
    return new Provenance(
        options.softwareVersion(),
        options.gitCommit(),
        device.backend(),
        device.description(),
        versions.getOrDefault("driver", ""),
        versions.getOrDefault("kernel_sha256", ""),
        System.getProperty("java.runtime.version") + " " + System.getProperty("java.vendor"),
        study.cells().getFirst().experiment().precision().word());
  }

  private List<Experiment> experiments() {
    return study.cells().stream().map(Cell::experiment).toList();
  }

  private long planned() {
    return Math.multiplyExact(study.perCell(), (long) study.cells().size());
  }

  private List<RestartRange> missing(List<Coverage> recorded) {
    List<RestartRange> missing = new ArrayList<>();
    for (int c = 0; c < recorded.size(); c++) {
      missing.addAll(recorded.get(c).missing(c, study.perCell()));
    }
    return missing;
  }

  /** Sums up, and unites everything in the file unless it is just so already. */
  private List<CellSummary> finish(
      ResultsStore store, Path file, CampaignOptions options, boolean nothingNew) {
    if (nothingNew && store.finished() && options.exact().isEmpty()) {
      ResultsFile results = ResultsFile.open(file);
      List<CellSummary> summaries = new ArrayList<>();
      for (int c = 0; c < results.cells(); c++) {
        summaries.add(results.summary(c));
      }
      return summaries;
    }
    Tally tally = new Tally(study);
    store.scan(tally);
    ToDoubleFunction<Experiment> exact = options.exact().orElseGet(() -> recordedExact(file));
    List<CellSummary> summaries = tally.summaries(exact);
    store.finish(summaries);
    return summaries;
  }

  /** Exact probabilities that the file has already; they hold for a cell whatever its restarts. */
  private static ToDoubleFunction<Experiment> recordedExact(Path file) {
    Map<String, Double> byIdentity = new HashMap<>();
    if (Files.exists(file)) {
      ResultsFile results = ResultsFile.open(file);
      String[] identities = (String[]) results.cellColumn("identity");
      for (int c = 0; c < identities.length; c++) {
        byIdentity.put(identities[c], results.summary(c).exact());
      }
    }
    return experiment -> byIdentity.getOrDefault(experiment.identity(), Double.NaN);
  }

  /** Records what arrives and tells how far it is. */
  private final class Recording implements Sink {
    private final ResultsStore store;
    private final Progress progress;
    private final StopFlag stop;
    private final long before;
    private final long began = System.nanoTime();
    private long computed;

    Recording(ResultsStore store, Progress progress, StopFlag stop, List<RestartRange> missing) {
      this.store = store;
      this.progress = progress;
      this.stop = stop;
      this.before = planned() - missing.stream().mapToLong(RestartRange::count).sum();
      progress.report(before, planned(), 0);
    }

    @Override
    public void accept(Outcomes outcomes) {
      store.accept(outcomes);
      computed += outcomes.rows();
      double seconds = (System.nanoTime() - began) * 1e-9;
      progress.report(before + computed, planned(), computed / seconds);
    }

    @Override
    public void notice(String line) {
      progress.notice(line);
    }

    @Override
    public boolean stopped() {
      return stop.stopped();
    }
  }
}
