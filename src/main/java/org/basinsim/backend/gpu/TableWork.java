package org.basinsim.backend.gpu;

import java.util.List;

/** Cells of one plan, trained by kernels that take restarts from a table. */
final class TableWork {
  /** Most bytes of records that are on their way, here as on the devices. */
  private static final long MOST_RECORD_BYTES = 1L << 30;

  /** Part of what the JVM may use for records, beside the heap. */
  private static final int HOST_PART = 8;

  private final LaunchPlan plan;
  private final List<GpuSystem.Prepared> cells;
  private final Records records;
  private final Pieces pieces;
  private final Delivery delivery;
  private final long recordBytes;

  /**
   * @param cells in the order in which records name them
   * @param pieces of all of them
   * @param devices that may take pieces
   */
  TableWork(
      LaunchPlan plan,
      List<GpuSystem.Prepared> cells,
      Records records,
      Pieces pieces,
      Delivery delivery,
      int devices) {
    this.plan = plan;
    this.cells = cells;
    this.records = records;
    this.pieces = pieces;
    this.delivery = delivery;
    long most = Math.min(MOST_RECORD_BYTES, Runtime.getRuntime().maxMemory() / HOST_PART);
    this.recordBytes = most / devices;
  }

  /** A device's part. */
  Training.Part part(GpuSession session) {
    return new Launches(session);
  }

  private final class Launches implements Training.Part {
    private final GpuSession session;
    private final Pieces.Share share;

    Launches(GpuSession session) {
      this.session = session;
      this.share = pieces.share(delivery::accept);
    }

    @Override
    public void work() {
      try (CellNumbers sent = new CellNumbers(cells, plan, 0)) {
        LaunchPlan fitting = plan.within(recordBytes);
        while (!carriedOut(fitting, sent)) {
          fitting = fitting.halved();
        }
      }
    }

    /** Works while there is work; false where the device has too little memory for the plan. */
    private boolean carriedOut(LaunchPlan fitting, CellNumbers sent) {
      try (GpuRun run =
          new GpuRun(session, fitting, sent, records, null, share.restarts(), recordBytes)) {
        run.work(share, delivery::stopped);
        share.release();
        return true;
      } catch (GarbledAnswer e) {
        throw e;
      } catch (OutOfDeviceMemory e) {
        share.release();
        if (fitting.groups() == 1) {
          throw e;
        }
        if (session.firstShortage()) {
          delivery.notice(e.getMessage() + "; going on with fewer restarts at once");
        }
        return false;
      } catch (GpuFailure e) {
        // What it answered before is as good as ever.
        share.release();
        throw e;
      }
    }

    @Override
    public void release() {
      share.release();
    }

    @Override
    public void close() {
      share.close();
    }
  }
}
