package org.basinsim.backend.cpu;

import static jdk.incubator.vector.VectorOperators.EQ;
import static jdk.incubator.vector.VectorOperators.LE;

import java.util.Set;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import org.basinsim.model.conv.Average;
import org.basinsim.model.conv.ConvExperiment;
import org.basinsim.model.conv.Recorded;

/** The step and the rule of {@link Average}, in lanes. */
@SuppressWarnings("cast") // casts to float are none in the double twin
final class FloatAverageDescent extends FloatPopulationDescent {
  private final float teacherNorm;
  private final float squaredDistance;

  /** sη∕k² times 2γ, (k∕π)‖w*‖ and 2β‖w*‖. */
  private final float shrink;

  private final float turn;
  private final float stretch;

  FloatAverageDescent(ConvExperiment experiment, Set<Recorded> noted) {
    super(experiment, noted);
    Average average = Average.of(experiment);
    double k = experiment.patches();
    double scale = experiment.stepSize() * average.scale();
    double norm = average.teacherNorm();
    double distance = experiment.rule().distance() * norm;
    this.teacherNorm = (float) norm;
    this.squaredDistance = (float) (distance * distance);
    this.shrink = (float) (scale * 2 * average.gamma());
    this.turn = (float) (scale * k / Math.PI * norm);
    this.stretch = (float) (scale * 2 * average.beta() * norm);
  }

  @Override
  void check(int vectors) {
    for (int v = 0; v < vectors; v++) {
      int at = v * LENGTH;
      FloatVector x = FloatVector.fromArray(SPECIES, this.x, at);
      FloatVector y = FloatVector.fromArray(SPECIES, this.y, at);
      FloatVector along = x.sub(teacherNorm);
      VectorMask<Float> far = x.fma(x, y.mul(y)).compare(LE, LIMIT).not();
      VectorMask<Float> good = along.fma(along, y.mul(y)).compare(LE, squaredDistance);
      VectorMask<Float> over = FloatVector.fromArray(SPECIES, left, at).compare(EQ, ZERO);
      diverged[v] = far.toLong();
      global[v] = good.toLong();
      attention[v] = far.or(good).or(over).toLong();
    }
    for (int v = 0; phases && v < vectors; v++) {
      phaseOver[v] = nearLine(v * LENGTH).toLong();
      attention[v] |= phaseOver[v];
    }
  }

  @Override
  void step(int vectors) {
    for (int v = 0; v < vectors; v++) {
      int at = v * LENGTH;
      FloatVector x = FloatVector.fromArray(SPECIES, this.x, at);
      FloatVector y = FloatVector.fromArray(SPECIES, this.y, at);
      FloatVector perNorm = FloatVector.fromArray(SPECIES, this.perNorm, at);
      FloatVector pull = FloatVector.fromArray(SPECIES, sine, at).mul(turn).add(stretch);
      FloatVector keep = pull.mul(perNorm).sub(shrink).add(1f);
      FloatVector along = FloatVector.fromArray(SPECIES, angleLeft, at).add(tilt).mul(turn);
      FloatVector left = FloatVector.fromArray(SPECIES, this.left, at);
      VectorMask<Float> held = VectorMask.fromLong(SPECIES, attention[v]);
      x.fma(keep, along).blend(x, held).intoArray(this.x, at);
      y.mul(keep).abs().blend(y, held).intoArray(this.y, at);
      left.sub(1f).blend(left, held).intoArray(this.left, at);
    }
  }
}
