package org.basinsim.backend.cpu;

import org.basinsim.model.conv.ConvExperiment;
import org.basinsim.model.conv.Inputs;
import org.basinsim.random.Purpose;

/**
 * The inputs of online steps by their law, as {@code DrawnInputs} draws them, in this precision.
 */
@SuppressWarnings("cast") // casts to float are none in the double twin
final class FloatInputs {
  private final long key;
  private final int d;
  private final int sequence;
  private final DrawLaw law;
  private final boolean correlated;
  private final float correlation;
  private final float fresh;

  FloatInputs(ConvExperiment experiment) {
    this.key = experiment.key();
    this.d = experiment.inputSize();
    this.sequence = experiment.sequenceSize();
    this.law =
        switch (experiment.inputs()) {
          case Inputs.Uniform() -> DrawLaw.UNIFORM;
          case Inputs.Rademacher() -> DrawLaw.SIGN;
          default -> DrawLaw.NORMAL;
        };
    if (experiment.inputs() instanceof Inputs.Correlated of) {
      this.correlated = true;
      this.correlation = (float) of.correlation();
      this.fresh = (float) of.fresh();
    } else {
      this.correlated = false;
      this.correlation = 0;
      this.fresh = 0;
    }
  }

  /**
   * Draws {@code count} inputs of a stream to the front of {@code target}.
   *
   * @param first the first of them in its step, with which a block of four numbers begins
   */
  void draw(float[] target, int count, long stream, int step, int first) {
    FloatDraws.fill(target, 0, count * d, law, key, stream, Purpose.INPUTS, step, block(first));
    if (correlated) {
      correlate(target, 0, count * d, 1);
    }
  }

  /**
   * Draws {@code count} inputs of each of L streams: number j of lane i to {@code target[offset + j
   * * L + i]}; streams and steps as {@code FloatDraws.normalsPerLane} takes them. Numbers that fill
   * the last block are written too.
   */
  void drawPerLane(
      float[] target,
      int offset,
      int count,
      int[] streamLow,
      int[] streamHigh,
      int[] step,
      int first) {
    FloatDraws.fillPerLane(
        target,
        offset,
        Math.ceilDiv(count * d, 4),
        law,
        key,
        streamLow,
        streamHigh,
        Purpose.INPUTS,
        step,
        block(first));
    if (correlated) {
      correlate(target, offset, count * d, FloatLanes.LENGTH);
    }
  }

  private int block(int first) {
    return (int) ((long) first * d / 4);
  }

  /** Makes sequences of normals, {@code apart} from one number to the next, correlated ones. */
  private void correlate(float[] normals, int from, int count, int apart) {
    for (int n = 0; n < count; n++) {
      if (n % sequence == 0) {
        continue;
      }
      int at = from + n * apart;
      for (int i = at; i < at + apart; i++) {
        normals[i] = correlation * normals[i - apart] + fresh * normals[i];
      }
    }
  }
}
