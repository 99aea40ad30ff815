/* The dialect for CUDA C++, by NVRTC or nvcc with -fmad=false; its table is in kernels/README.md. */

#if BASIN_WIDTH != 1
#error "one restart in a vector"
#endif

typedef unsigned int word;
typedef unsigned long long wide;
typedef word words;
typedef int integer;
#if BASIN_DOUBLE
typedef double real;
typedef unsigned long long bits;
#define BASIN_REAL(x) x
#define BASIN_FMA(a, b, c) fma(a, b, c)
#define BASIN_SQRT(x) sqrt(x)
#define BASIN_ABS(x) fabs(x)
#define BASIN_AS_BITS(reals) ((bits)__double_as_longlong(reals))
#define BASIN_AS_REALS(bits) __longlong_as_double((long long)(bits))
#else
typedef float real;
typedef word bits;
#define BASIN_REAL(x) x##f
#define BASIN_FMA(a, b, c) fmaf(a, b, c)
#define BASIN_SQRT(x) sqrtf(x)
#define BASIN_ABS(x) fabsf(x)
#define BASIN_AS_BITS(reals) __float_as_uint(reals)
#define BASIN_AS_REALS(bits) __uint_as_float(bits)
#endif
typedef real reals;
typedef integer integers;

/* By _Pragma: in a #pragma of its own nvcc does not expand a macro. */
#define BASIN_PRAGMA(text) _Pragma(#text)
#define BASIN_UNROLL(times) BASIN_PRAGMA(unroll times)

#define BASIN_KERNEL extern "C" __global__
#define BASIN_FUNCTION static __device__ __forceinline__
#define BASIN_CALLED static __device__ __noinline__
#define BASIN_GLOBAL
#define BASIN_SHARED __shared__
#define BASIN_SHARED_POINTER
#define BASIN_ALIGNED(bytes) __align__(bytes)
#define BASIN_BARRIER() __syncthreads()
#define BASIN_GLOBAL_BARRIER() __syncthreads()
#define BASIN_ITEM ((int)threadIdx.x)
#define BASIN_GROUP ((int)blockIdx.x)
#define BASIN_GROUPS ((int)gridDim.x)
#define BASIN_GROUP_OF(size) __launch_bounds__(size)
#define BASIN_GROUPS_OF(size, resident) __launch_bounds__(size, resident)
#define BASIN_ATOMIC_ADD(pointer, value) atomicAdd(pointer, value)

/* One product for both halves: __umulhi beside a * b costs two multiplications. */
#define BASIN_MULTIPLY(a, b, high_half, low_half) \
  {                                               \
    wide product = (wide)(a) * (b);               \
    high_half = (words)(product >> 32);           \
    low_half = (words)product;                    \
  }
#define BASIN_TO_REALS(signed_word) ((real)(signed_word))
#define BASIN_TO_SIGNED(words) ((int)(words))
#define BASIN_WIDEN(words) ((bits)(words))
#define BASIN_NARROW(bits) ((word)(bits))
#define BASIN_ANY(condition) (condition)
#define BASIN_LANES 0u
#define BASIN_LOAD(pointer) (*(pointer))
#define BASIN_STORE(vector, pointer) (*(pointer) = (vector))
#define BASIN_STORE_FOURS(z, pointer) \
  {                                   \
    (pointer)[0] = (z)[0];            \
    (pointer)[1] = (z)[1];            \
    (pointer)[2] = (z)[2];            \
    (pointer)[3] = (z)[3];            \
  }
