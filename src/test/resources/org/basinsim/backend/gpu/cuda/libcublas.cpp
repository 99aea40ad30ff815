/* cuBLAS without a GPU, for tests: the calls that the program makes, carried out on the host in the order of the
   emulated driver's stream, each entry one chain of fused multiply-adds. Its version is MAJOR.1.2. */
#include <dlfcn.h>
#include <math.h>

enum { OK = 0, NOT_INITIALIZED = 1, INVALID_VALUE = 7 };

struct handle {
  void *stream;
  int mode;
};

template <class T>
struct product {
  int ta, tb, m, n, k, count;
  const T *a, *b;
  T *c, alpha, beta;
  long long lda, stride_a, ldb, stride_b, ldc, stride_c;

  /* Column after column, as the library has it. */
  static void multiply(void *argument) {
    product *p = (product *)argument;
    for (int e = 0; e < p->count; e++)
      for (int j = 0; j < p->n; j++)
        for (int i = 0; i < p->m; i++) {
          T *to = p->c + e * p->stride_c + i + j * p->ldc;
          T sum = p->beta == 0 ? 0 : p->beta * *to;
          for (int l = 0; l < p->k; l++) {
            T left = p->a[e * p->stride_a + (p->ta ? l + i * p->lda : i + l * p->lda)];
            T right = p->b[e * p->stride_b + (p->tb ? j + l * p->ldb : l + j * p->ldb)];
            sum = fma(p->alpha * left, right, sum);
          }
          *to = sum;
        }
    delete p;
  }

  static int queue(handle *h, const product &given) {
    typedef int (*queue_in)(void *, void (*)(void *), void *);
    static queue_in in = (queue_in)dlsym(dlopen("libcuda.so.1", RTLD_NOLOAD | RTLD_LAZY), "basin_queue");
    /* The program is to ask for the prescribed precision. */
    if (!in || h->mode != 2) return NOT_INITIALIZED;
    if (given.m < 1 || given.n < 1 || given.k < 1 || given.lda < (given.ta ? given.k : given.m) ||
        given.ldb < (given.tb ? given.n : given.k) || given.ldc < given.m)
      return INVALID_VALUE;
    return in(h->stream, multiply, new product(given)) ? INVALID_VALUE : OK;
  }
};

extern "C" {
int cublasCreate_v2(handle **out) {
  *out = new handle();
  return OK;
}
int cublasDestroy_v2(handle *h) {
  delete h;
  return OK;
}
int cublasGetProperty(int type, int *value) {
  *value = type == 0 ? MAJOR : type;
  return OK;
}
int cublasSetStream_v2(handle *h, void *stream) {
  h->stream = stream;
  return OK;
}
int cublasSetMathMode(handle *h, int mode) {
  h->mode = mode;
  return OK;
}
int cublasSgemmStridedBatched(handle *h, int ta, int tb, int m, int n, int k, const float *alpha, const float *a,
                              int lda, long long sa, const float *b, int ldb, long long sb, const float *beta,
                              float *c, int ldc, long long sc, int count) {
  return product<float>::queue(h, {ta, tb, m, n, k, count, a, b, c, *alpha, *beta, lda, sa, ldb, sb, ldc, sc});
}
int cublasDgemmStridedBatched(handle *h, int ta, int tb, int m, int n, int k, const double *alpha, const double *a,
                              int lda, long long sa, const double *b, int ldb, long long sb, const double *beta,
                              double *c, int ldc, long long sc, int count) {
  return product<double>::queue(h, {ta, tb, m, n, k, count, a, b, c, *alpha, *beta, lda, sa, ldb, sb, ldc, sc});
}
}
