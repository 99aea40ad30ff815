/* CUDA C++ as far as kernels use it, for the host's C++ compiler: begins a text that the emulated NVRTC compiles. */
#include <math.h>
#include <string.h>

#include <utility>

struct basin_index {
  unsigned x, y, z;
};

extern "C" {
basin_index threadIdx, blockIdx, blockDim, gridDim;
/* Set by the emulated driver: leaves a work-item until all of its group have come here. */
void (*basin_barrier)(void);
}

#define __global__
#define __device__
#define __forceinline__ inline
#define __noinline__
#define __align__(bytes) __attribute__((aligned(bytes)))
#define __shared__ static
#define __launch_bounds__(...)
#define __syncthreads() basin_barrier()

/* Work-items take turns, and none is interrupted. */
template <class T>
static inline T atomicAdd(T *pointer, T value) {
  T old = *pointer;
  *pointer = old + value;
  return old;
}

static inline unsigned __umulhi(unsigned a, unsigned b) {
  return (unsigned)((unsigned long long)a * b >> 32);
}

template <class To, class From>
static inline To basin_same_bits(From from) {
  To to;
  static_assert(sizeof to == sizeof from, "as many bits");
  memcpy(&to, &from, sizeof to);
  return to;
}

static inline unsigned __float_as_uint(float x) { return basin_same_bits<unsigned>(x); }
static inline float __uint_as_float(unsigned x) { return basin_same_bits<float>(x); }
static inline long long __double_as_longlong(double x) { return basin_same_bits<long long>(x); }
static inline double __longlong_as_double(long long x) { return basin_same_bits<double>(x); }

/* How the emulated driver calls a kernel: from the addresses of its arguments. */
template <class... A, size_t... I>
static void basin_call(void (*kernel)(A...), void **arguments, std::index_sequence<I...>) {
  kernel(*(A *)arguments[I]...);
}

template <class... A>
static void basin_call(void (*kernel)(A...), void **arguments) {
  basin_call(kernel, arguments, std::index_sequence_for<A...>());
}

template <class... A>
static constexpr int basin_parameters(void (*)(A...)) {
  return sizeof...(A);
}
