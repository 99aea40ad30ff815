package org.basinsim.data;

import org.basinsim.model.conv.ConvExperiment;
import org.basinsim.model.conv.Inputs;
import org.basinsim.model.conv.Teacher;
import org.basinsim.random.Philox;
import org.basinsim.random.Purpose;

/**
 * Instances of set splitting as inputs: the reduction by which BG17 shows that the network with
 * average output is hard to learn from general inputs. A universe of d elements is to be split into
 * k parts of which none contains one of the subsets C_1 … C_m.
 *
 * <p>A patch has k blocks of d coordinates. Input s < d stands for an element, its patch l being
 * e_s in block l; input d + j stands for a subset, its patch l being 1_{C_j} in block l. Labelled
 * 1∕k and 0, they have zero error exactly where a split exists.
 *
 * <p>Instances are planted: subsets of {@link #SUBSET_SIZE} elements are drawn uniformly from those
 * that the split of {@link Teacher#planted} does not hold in one part. That the split itself is the
 * same for all instances hides nothing from descent and gives nothing away: laws of the start and
 * all optimizers treat coordinates alike, so another order of elements changes nothing in law.
 */
final class SetSplitting {
  /** As many elements as make the problem hard: with two there would be only graphs to colour. */
  static final int SUBSET_SIZE = 3;

  private SetSplitting() {}

  /** The inputs of a data set, row-major [sample][patch][coordinate]. */
  static double[] inputs(ConvExperiment experiment, Inputs.SetSplitting law, int dataSet) {
    int k = experiment.patches();
    int d = law.elements();
    int width = k * d;
    double[] inputs = new double[(d + law.subsets()) * k * width];
    for (int s = 0; s < d; s++) {
      mark(inputs, s, k, d, s);
    }
    int word = 0;
    for (int j = 0; j < law.subsets(); j++) {
      int[] subset = new int[SUBSET_SIZE];
      do {
        for (int i = 0; i < SUBSET_SIZE; i++) {
          long drawn =
              Philox.word(experiment.key(), dataSet, Purpose.DATA_SET, 0, word++) & 0xffffffffL;
          subset[i] = (int) (drawn * d >>> 32);
        }
      } while (!splits(subset, k));
      for (int s : subset) {
        mark(inputs, d + j, k, d, s);
      }
    }
    return inputs;
  }

  /** Whether these are different elements and not all in one part. */
  private static boolean splits(int[] subset, int k) {
    boolean oneSided = true;
    for (int i = 0; i < subset.length; i++) {
      for (int other = 0; other < i; other++) {
        if (subset[i] == subset[other]) {
          return false;
        }
      }
      oneSided &= Teacher.part(subset[i], k) == Teacher.part(subset[0], k);
    }
    return !oneSided;
  }

  /** Element s in every block of an input. */
  private static void mark(double[] inputs, int input, int k, int d, int s) {
    for (int l = 0; l < k; l++) {
      inputs[((input * k + l) * k + l) * d + s] = 1;
    }
  }
}
