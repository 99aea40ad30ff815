package org.basinsim.random;

/**
 * The polynomials behind {@link Elementary}, kept in one place because three texts evaluate them:
 * scalar code, vector lanes and kernels.
 *
 * <p>Coefficients are minimax, by Remez exchange in 50 digits, weighted so that the relative error
 * of the function (ln(1 + f), sin, cos, atan, asin, expm1) is equalized; then each is rounded. The
 * error stated is that of the unrounded polynomial: double, single.
 */
public enum Polynomial {
  /** (ln(1 + f) − f) / f² for f from √½ − 1 to √2 − 1. Relative error 7.918e-18, 4.086e-9. */
  LN(
      new double[] {
        -0.5000000000000003,
        0.33333333333333026,
        -0.24999999999974917,
        0.20000000000085205,
        -0.16666666671355945,
        0.14285714279621137,
        -0.12499999604471614,
        0.11111111098887938,
        -0.10000017940090185,
        0.0909092744820405,
        -0.0833286405297453,
        0.07691433043576866,
        -0.07149938001895455,
        0.06685935666078915,
        -0.06194361432214131,
        0.056589637801435874,
        -0.05678121701876663,
        0.06529557457623592,
        -0.06006108483386752,
        0.026173863173549264
      },
      new float[] {
        -0.499999881f,
        0.333333254f,
        -0.250015825f,
        0.200019747f,
        -0.166090801f,
        0.141818225f,
        -0.132430077f,
        0.129044637f,
        -0.0762176365f
      }),
  /** sin(πh) / h as a function of h², for h from 0 to ¼. Relative error 3.312e-18, 3.238e-9. */
  SINE(
      new double[] {
        3.141592653589793,
        -5.167712780049954,
        2.550164039873266,
        -0.5992645289321498,
        0.08214586894933017,
        -0.00737001831313637,
        0.0004615144252788797
      },
      new float[] {3.14159274f, -5.16770792f, 2.54976106f, -0.589012206f}),
  /**
   * (cos(πh) − 1) / h² as a function of h², for h from 0 to ¼. Relative error 3.878e-20, 6.374e-11.
   */
  COSINE(
      new double[] {
        -4.934802200544679,
        4.058712126416749,
        -1.3352627688520045,
        0.2353306301929133,
        -0.025806885671211487,
        0.0019294657206035495,
        -0.00010356657486019131
      },
      new float[] {-4.93480206f, 4.05870771f, -1.33505058f, 0.231364235f}),
  /**
   * (atan(t) / t − 1) / t² as a function of t², for t from 0 to 1. Relative error 2.825e-17,
   * 2.574e-9.
   */
  ARCTANGENT(
      new double[] {
        -0.3333333333333186,
        0.1999999999975502,
        -0.14285714271334757,
        0.11111110678746992,
        -0.09090901235357537,
        0.07692212930143859,
        -0.06665860360346669,
        0.05877307757885617,
        -0.052392329559381716,
        0.046739494920125475,
        -0.04092637992469228,
        0.034067807382789334,
        -0.02582679265506203,
        0.0169780323233153,
        -0.009184557037141763,
        0.0038559739753721164,
        -0.0011640714940934238,
        0.00022302235382283463,
        -2.0258549212195174e-05
      },
      new float[] {
        -0.333332986f,
        0.199985489f,
        -0.142642424f,
        0.109521866f,
        -0.0840345174f,
        0.0579576194f,
        -0.0311778709f,
        0.0109146181f,
        -0.00179362437f
      }),
  /**
   * (asin(s) / s − 1) / s² as a function of s², for s from 0 to √½. Relative error 1.591e-17,
   * 2.220e-9.
   */
  ARCSINE(
      new double[] {
        0.1666666666666524,
        0.07500000000406093,
        0.04464285673622985,
        0.030381965178803916,
        0.02237152520523339,
        0.017365501413955344,
        0.013786651833701268,
        0.013354731472211145,
        -0.0037686628960965952,
        0.08491825695694834,
        -0.32169061597415816,
        1.0831625818926065,
        -2.660707146198354,
        4.926072424795222,
        -6.5693025809514625,
        6.033507679259637,
        -3.4143474352674925,
        0.9197481791045574
      },
      new float[] {
        0.166666225f,
        0.0750268325f,
        0.044081755f,
        0.0359913595f,
        -0.00805829093f,
        0.110331319f,
        -0.139970019f,
        0.126115844f
      }),
  /** (eʳ − 1 − r) / r² for |r| up to ½ ln 2. Relative error 2.605e-19, 2.392e-10. */
  EXPM1(
      new double[] {
        0.5,
        0.16666666666666677,
        0.04166666666666651,
        0.008333333333321691,
        0.0013888888888962383,
        0.00019841269885965742,
        2.480158717251634e-05,
        2.755724437435624e-06,
        2.755740266028345e-07,
        2.510897883028174e-08,
        2.087532495879143e-09
      },
      new float[] {
        0.5f, 0.166666657f, 0.0416663624f, 0.00833338965f, 0.00139406277f, 0.000198458787f
      });

  private final double[] coefficients;
  private final float[] singleCoefficients;

  Polynomial(double[] coefficients, float[] singleCoefficients) {
    this.coefficients = coefficients;
    this.singleCoefficients = singleCoefficients;
  }

  /** The coefficients in double precision, that of the lowest power first; a copy. */
  public double[] coefficients() {
    return coefficients.clone();
  }

  /** The coefficients of the shorter polynomial for single precision; a copy. */
  public float[] singleCoefficients() {
    return singleCoefficients.clone();
  }
}
