package org.basinsim.backend.gpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import org.basinsim.backend.WorkSizing;
import org.basinsim.backend.gpu.GpuSystem.Use;
import org.basinsim.backend.gpu.Piece.Tile;
import org.basinsim.model.Outcomes;
import org.basinsim.model.Precision;
import org.basinsim.model.RestartRange;
import org.basinsim.model.conv.ConvExperiment;
import org.basinsim.model.conv.Recorded;
import org.basinsim.verification.Mode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** How ranges are cut, who gets them, and what is kept of what does not come to its end. */
class PiecesTest {

  private static Pieces pieces(
      ConvExperiment experiment, int launch, int devices, RestartRange... ranges) {
    GpuDescription device = new EmulatedDevice(0).describe();
    GpuSystem.Prepared cell =
        new ConvSystem().prepare(experiment, device, new WorkSizing(1, launch, 0)).orElseThrow();
    LaunchPlan plan = cell.plan(Use.TRAIN, experiment.sampledSteps().size());
    return new Pieces(List.of(cell), List.of(ranges), plan, devices);
  }

  private static List<Piece> takeAll(Pieces.Share share, int most) {
    List<Piece> taken = new ArrayList<>();
    for (Piece piece = share.take(most, 0); piece != null; piece = share.take(most, 0)) {
      taken.add(piece);
    }
    return taken;
  }

  @ParameterizedTest
  @EnumSource
  void tilesAreEveryRestartOnceAndTheirRestartsSeeTheSame(Mode mode) {
    ConvExperiment experiment = mode.cell(2, 3).build();
    Random random = new Random(mode.ordinal());
    for (int launch : new int[] {0, 1, 7, 64, 4096, Integer.MAX_VALUE}) {
      for (int most : new int[] {1, 5, 100, 1 << 20}) {
        long first = random.nextInt(1000) + (1L << 33);
        int count = 1 + random.nextInt(700);
        Pieces pieces = pieces(experiment, launch, 1, new RestartRange(0, first, count));
        BitSet seen = new BitSet();
        for (Piece piece : takeAll(pieces.share(outcomes -> {}), most)) {
          assertTrue(piece.range().count() <= (launch == 0 ? most : Math.min(most, launch)));
          for (Tile tile : piece.tiles()) {
            assertSeeTheSame(experiment, tile, mode);
            for (int offset = 0; offset < tile.count(); offset++) {
              long restart = tile.first() + (long) tile.stride() * offset;
              assertEquals(restart - piece.range().first(), piece.row(tile, offset));
              assertTrue(piece.range().first() <= restart && restart < piece.range().end());
              assertTrue(!seen.get((int) (restart - first)), "twice");
              seen.set((int) (restart - first));
            }
          }
        }
        assertEquals(count, seen.cardinality());
        assertEquals(count, seen.length());
        assertTrue(pieces.empty());
      }
    }
  }

  private static void assertSeeTheSame(ConvExperiment experiment, Tile tile, Mode mode) {
    for (int offset = 1; offset < tile.count(); offset++) {
      long restart = tile.first() + (long) tile.stride() * offset;
      assertEquals(experiment.dataSet(tile.first()), experiment.dataSet(restart));
      // A share of 3 or 17: the first is too few for a team, and each draws its own.
      if (mode == Mode.DIRECT_LEARNED_SHARE_17 || mode == Mode.DIRECT_LEARNED_SHARE_64) {
        assertEquals(experiment.inputStream(tile.first()), experiment.inputStream(restart));
      }
    }
  }

  @Test
  void streamsAreNotCutWherePiecesHoldThem() {
    ConvExperiment experiment = Mode.DIRECT_LEARNED_SHARE_17.cell(2, 3).build();
    List<Piece> taken =
        takeAll(
            pieces(experiment, 64, 1, new RestartRange(0, 5, 1000)).share(outcomes -> {}), 1000);
    assertEquals(51 - 5, taken.getFirst().range().count());
    for (Piece piece : taken.subList(1, taken.size() - 1)) {
      assertEquals(51, piece.range().count());
      assertEquals(0, piece.range().first() % 17);
    }
  }

  /**
   * The first to come leaves the others their part; who has nothing to do always gets something.
   */
  @Test
  void noDeviceTakesWhatOthersShouldHave() {
    ConvExperiment experiment = Mode.POPULATION_LEARNED.cell(2, 3).build();
    RestartRange[] ranges = new RestartRange[36];
    for (int i = 0; i < ranges.length; i++) {
      ranges[i] = new RestartRange(0, 100L * i, 50);
    }
    Pieces pieces = pieces(experiment, 0, 3, ranges);
    List<Pieces.Share> shares = List.of(share(pieces), share(pieces), share(pieces));
    long all = 0;
    for (Pieces.Share share : shares) {
      long unfinished = 0;
      for (Piece piece = share.take(50, 0); piece != null; piece = share.take(50, unfinished)) {
        unfinished += piece.range().count();
      }
      assertTrue(50 <= unfinished && unfinished <= 36 * 50 / 3 + 50, "took " + unfinished);
      all += unfinished;
    }
    shares.get(0).close();
    shares.get(1).close();
    // Alone, the last may have everything.
    long unfinished = 1;
    for (Piece piece = shares.get(2).take(50, unfinished);
        piece != null;
        piece = shares.get(2).take(50, unfinished)) {
      unfinished += piece.range().count();
    }
    assertTrue(all < 36 * 50);
    assertTrue(pieces.empty());
  }

  private static Pieces.Share share(Pieces pieces) {
    return pieces.share(outcomes -> {});
  }

  @Test
  void longRowsMakeShortPiecesAndFewOfThem() {
    ConvExperiment experiment =
        Mode.POPULATION_LEARNED
            .cell(2, 3)
            .maxSteps(Integer.MAX_VALUE)
            .record(Recorded.TRAJECTORY)
            .build();
    long rowBytes = 16L * experiment.sampledSteps().size();
    long most = Runtime.getRuntime().maxMemory() / 4;
    Pieces.Share share =
        pieces(experiment, Integer.MAX_VALUE, 1000, new RestartRange(0, 0, 1L << 40))
            .share(outcomes -> {});
    long restarts = 0;
    int pieces = 0;
    for (Piece piece = share.take(1 << 22, 1); piece != null; piece = share.take(1 << 22, 1)) {
      restarts += piece.range().count();
      pieces++;
    }
    assertTrue(pieces >= 4, "pieces " + pieces);
    assertTrue(restarts * rowBytes <= 2 * most / 1000, "bytes " + restarts * rowBytes);
    // Where nothing else is to be done, one more.
    assertTrue(share.take(1 << 22, 0) != null);
  }

  @Test
  void stretchesOfEndedRestartsAreHandedOverAndTheRestComesBack() {
    ConvExperiment experiment =
        Mode.POPULATION_LEARNED.cell(2, 3).precision(Precision.SINGLE).build();
    Pieces pieces = pieces(experiment, 0, 1, new RestartRange(0, 100, 64));
    List<Outcomes> delivered = new ArrayList<>();
    Pieces.Share share = pieces.share(delivered::add);
    Piece piece = share.take(64, 0);
    for (int row = 0; row < 64; row++) {
      // Ended: 0 … 15, 18 … 32, 34 … 63; of these, 15 in a row are too few.
      if (row != 16 && row != 17 && row != 33) {
        piece.outcomes().ints("steps")[row] = row;
        assertTrue(piece.end(row));
        assertTrue(!piece.filled());
        assertTrue(!piece.end(row), "it had ended");
      }
    }
    share.release();
    assertEquals(
        List.of(new RestartRange(0, 100, 16), new RestartRange(0, 134, 30)),
        delivered.stream().map(Outcomes::range).toList());
    for (Outcomes part : delivered) {
      for (int row = 0; row < part.rows(); row++) {
        assertEquals(part.range().first() + row - 100, part.ints("steps")[row]);
      }
    }
    assertEquals(new RestartRange(0, 116, 18), share.take(64, 0).range());
    assertNull(share.take(64, 0));
  }

  @Test
  void aPieceThatIsGivenUpComesBackWhole() {
    ConvExperiment experiment = Mode.POPULATION_LEARNED.cell(2, 3).build();
    Pieces pieces = pieces(experiment, 32, 1, new RestartRange(0, 100, 64));
    Pieces.Share share =
        pieces.share(outcomes -> {
          throw new AssertionError("nothing of it is believed");
        });
    Piece piece = share.take(64, 0);
    for (int row = 0; row < 31; row++) {
      piece.end(row);
      piece.filled();
    }
    share.close();
    share.close();
    share.release();
    List<Piece> again = takeAll(pieces.share(outcomes -> {}), 64);
    assertEquals(
        List.of(new RestartRange(0, 100, 32), new RestartRange(0, 132, 32)),
        again.stream().map(Piece::range).toList());
  }
}
