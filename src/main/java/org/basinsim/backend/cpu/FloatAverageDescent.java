package org.basinsim.backend.cpu;

import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LE;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import org.basinsim.model.conv.Average;
import org.basinsim.model.conv.ConvExperiment;

/** The step and the rule of {@link Average}, in lanes. */
@SuppressWarnings("cast") // casts to float are none in the double twin
final class FloatAverageDescent extends FloatPopulationDescent {
  private final float teacherNorm;
  private final float squaredDistance;

  /** η∕k² times 2γ, (k∕π)‖w*‖ and 2β‖w*‖. */
  private final float shrink;

  private final float turn;
  private final float stretch;

  FloatAverageDescent(ConvExperiment experiment) {
    super(experiment);
    Average average = new Average(experiment.teacher());
    double k = experiment.patches();
    double scale = experiment.stepSize() / (k * k);
    double norm = average.teacherNorm();
    double distance = experiment.rule().distance() * norm;
    double beta = (k * k - k) / (2 * Math.PI);
    this.teacherNorm = (float) norm;
    this.squaredDistance = (float) (distance * distance);
    this.shrink = (float) (scale * 2 * (beta + k / 2));
    this.turn = (float) (scale * k / Math.PI * norm);
    this.stretch = (float) (scale * 2 * beta * norm);
  }

  @Override
  void pass(int vectors, boolean ruled) {
    for (int v = 0; v < vectors; v++) {
      int at = v * LENGTH;
      FloatVector x = FloatVector.fromArray(SPECIES, this.x, at);
      FloatVector y = FloatVector.fromArray(SPECIES, this.y, at);
      FloatVector left = FloatVector.fromArray(SPECIES, this.left, at);

      FloatVector squaredNorm = x.fma(x, y.mul(y));
      FloatVector norm = squaredNorm.sqrt();
      FloatVector side = x.abs();
      FloatVector reciprocal = reciprocal(norm, side, y);
      FloatVector perNorm = side.blend(y, y.compare(GT, side)).mul(reciprocal);
      FloatVector angleLeft = angleLeft(x, y, side, norm, reciprocal);

      VectorMask<Float> held = over(left);
      if (ruled) {
        VectorMask<Float> diverged = beyond(squaredNorm);
        FloatVector along = x.sub(teacherNorm);
        VectorMask<Float> good = along.fma(along, y.mul(y)).compare(LE, squaredDistance);
        held = held.or(diverged).or(good);
        if (phases) {
          VectorMask<Float> turned = nearLine(at, side, y);
          phaseOver[v] = turned.toLong();
          held = held.or(turned);
        }
        this.diverged[v] = diverged.toLong();
        global[v] = good.toLong();
        attention[v] = held.toLong();
      }

      FloatVector pull = y.mul(perNorm).mul(turn).add(stretch).mul(perNorm);
      FloatVector keep = pull.sub(shrink).add(1f);
      store(x.fma(keep, angleLeft.mul(turn)), x, held, this.x, at);
      store(y.mul(keep).abs(), y, held, this.y, at);
      store(left.sub(1f), left, held, this.left, at);
    }
  }
}
