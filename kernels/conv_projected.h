/*
 * The projected online step: a patch is two normals, u along the student's filter and t beside it in the
 * plane of both filters; the teacher sees cos u + sin t. With the activation sigma, r = scale * sum_j a_j sigma(u_j) -
 * sum_j b*_j sigma(cos u_j + sin t_j), over the batch
 *
 *   radial = sum r F,  beside = sum r sum_j a_j sigma'(u_j) t_j,  square = sum r^2 sum_j a_j^2 sigma'(u_j)^2
 *   output_j = sum r sigma(u_j),  F = sum_j a_j sigma(u_j)
 *
 * and orthogonal to the plane the filter's gradient is normal with variance square / B^2.
 * Arrays over output weights have BASIN_OUTPUT_STRIDE between weights, in BASIN_OUTPUT_SPACE.
 */
typedef struct {
  reals radial, beside, square;
} conv_plane;

BASIN_FUNCTION conv_plane conv_project(
    streams inputs, words step, int batch, conv_geometry m, real slope, BASIN_GLOBAL const real *teacher,
    BASIN_OUTPUT_SPACE const reals *a, BASIN_OUTPUT_SPACE reals *gradient, BASIN_OUTPUT_SPACE reals *hidden, int zero) {
  conv_plane sums;
  sums.radial = sums.beside = sums.square = 0;
#if BASIN_LEARNED
  const reals scale = 1;
#else
  const reals scale = m.norm;
#endif
  BASIN_UNROLL(BASIN_UNROLL_OUTPUT)
  for (int j = 0; j < BASIN_K; j++) {
    gradient[j * BASIN_OUTPUT_STRIDE] = 0;
  }
  gaussian_four four, left;
  BASIN_UNROLL(1)
  for (int b = 0; b < batch; b++) {
    reals own = 0, label = 0, beside = 0, squares = 0;
    /* Four normals are two patches, of one input or, where k is odd, of two: every other begins with those left. */
    const int shift = b & BASIN_K & 1;
    /* Read anew for every input: k registers fewer. */
    BASIN_GLOBAL const real *weights = teacher + b * zero;
    BASIN_UNROLL(BASIN_UNROLL_OUTPUT)
    for (int j = 0; j < BASIN_K; j++) {
      if (!(j & 1)) {
        if (shift) {
          left = four;
        }
        if (!shift || j + 1 < BASIN_K) {
          four = gaussian_inputs(inputs, step, (words)(((word)b * BASIN_K + (word)(j + shift)) >> 1));
        }
      }
      reals u = j & 1 ? (shift ? four.z[0] : four.z[2]) : (shift ? left.z[2] : four.z[0]);
      reals t = j & 1 ? (shift ? four.z[1] : four.z[3]) : (shift ? left.z[3] : four.z[1]);
      reals weight = u > 0 ? a[j * BASIN_OUTPUT_STRIDE] : CONV_BELOW(reals, a[j * BASIN_OUTPUT_STRIDE], slope);
      reals seen = BASIN_FMA(m.cosine, u, m.sine * t);
      seen = seen > 0 ? seen : CONV_BELOW(reals, seen, slope);
      own = BASIN_FMA(weight, u, own);
      label = BASIN_FMA((reals)(weights[j]), seen, label);
      beside = BASIN_FMA(weight, t, beside);
      squares = BASIN_FMA(weight, weight, squares);
      hidden[j * BASIN_OUTPUT_STRIDE] = u > 0 ? u : CONV_BELOW(reals, u, slope);
    }
    reals r = BASIN_FMA(scale, own, -label);
    sums.radial = BASIN_FMA(r, own, sums.radial);
    sums.beside = BASIN_FMA(r, beside, sums.beside);
    sums.square = BASIN_FMA(r * r, squares, sums.square);
#if BASIN_LEARNED
    BASIN_UNROLL(BASIN_UNROLL_OUTPUT)
    for (int j = 0; j < BASIN_K; j++) {
      gradient[j * BASIN_OUTPUT_STRIDE] =
          BASIN_FMA(r, hidden[j * BASIN_OUTPUT_STRIDE], gradient[j * BASIN_OUTPUT_STRIDE]);
    }
#endif
  }
  return sums;
}

/*
 * Moves the filter. Learned output, tau = eta / ||v||: x <- x - tau G_e sin, y <- sqrt((y + tau G_e cos)^2 +
 * tau^2 s^2 chi^2). Average output, twice the gradient as its loss has no 1/2: x <- x - eta (G_r cos + G_e sin),
 * y <- sqrt((y - eta (G_r sin - G_e cos))^2 + eta^2 s^2 chi^2).
 */
BASIN_FUNCTION void conv_projected_move(
    conv_state *s, conv_geometry m, conv_plane sums, reals chi_square, real rate) {
#if BASIN_LEARNED
  reals tau = rate / m.norm;
  reals pull = sums.beside * tau;
  reals along = pull * m.sine;
  reals across = pull * m.cosine;
#else
  reals tau = 2 * rate;
  reals pull = sums.beside * tau;
  reals out = sums.radial * tau;
  reals along = BASIN_FMA(out, m.cosine, pull * m.sine);
  reals across = BASIN_FMA(pull, m.cosine, -(out * m.sine));
#endif
  reals y = s->y + across;
  reals variance = tau * tau * (sums.square * chi_square);
  s->x = s->x - along;
  s->y = BASIN_SQRT(BASIN_FMA(y, y, variance));
}
