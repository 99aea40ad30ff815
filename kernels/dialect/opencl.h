/* The dialect for OpenCL C 1.2 and later; its table is in kernels/README.md. */

#pragma OPENCL FP_CONTRACT OFF

#define BASIN_PASTE_(a, b) a##b
#define BASIN_PASTE(a, b) BASIN_PASTE_(a, b)
#if BASIN_WIDTH == 1
#define BASIN_VECTOR(type) type
#else
#define BASIN_VECTOR(type) BASIN_PASTE(type, BASIN_WIDTH)
#endif

typedef uint word;
typedef ulong wide;
typedef BASIN_VECTOR(uint) words;
#if BASIN_DOUBLE
#pragma OPENCL EXTENSION cl_khr_fp64 : enable
#define BASIN_REAL_TYPE double
#define BASIN_INTEGER_TYPE long
#define BASIN_BIT_TYPE ulong
#define BASIN_REAL(x) x
#else
#define BASIN_REAL_TYPE float
#define BASIN_INTEGER_TYPE int
#define BASIN_BIT_TYPE uint
#define BASIN_REAL(x) x##f
#endif
typedef BASIN_REAL_TYPE real;
typedef BASIN_INTEGER_TYPE integer;
typedef BASIN_VECTOR(BASIN_REAL_TYPE) reals;
typedef BASIN_VECTOR(BASIN_INTEGER_TYPE) integers;
typedef BASIN_VECTOR(BASIN_BIT_TYPE) bits;

/* By _Pragma: in a #pragma of its own nvcc does not expand a macro. */
#define BASIN_PRAGMA(text) _Pragma(#text)
#define BASIN_UNROLL(times) BASIN_PRAGMA(unroll times)

#define BASIN_KERNEL __kernel
#define BASIN_FUNCTION static inline
#define BASIN_CALLED static inline
#define BASIN_GLOBAL __global
#define BASIN_SHARED __local
#define BASIN_SHARED_POINTER __local
#define BASIN_ALIGNED(bytes) __attribute__((aligned(bytes)))
#define BASIN_BARRIER() barrier(CLK_LOCAL_MEM_FENCE)
#define BASIN_GLOBAL_BARRIER() barrier(CLK_LOCAL_MEM_FENCE | CLK_GLOBAL_MEM_FENCE)
#define BASIN_ITEM ((int)get_local_id(0))
#define BASIN_GROUP ((int)get_group_id(0))
#define BASIN_GROUPS ((int)get_num_groups(0))
#define BASIN_GROUP_OF(size) __attribute__((reqd_work_group_size(size, 1, 1)))
#define BASIN_GROUPS_OF(size, resident) BASIN_GROUP_OF(size)
#define BASIN_ATOMIC_ADD(pointer, value) atomic_add(pointer, value)

#define BASIN_FMA(a, b, c) fma(a, b, c)
#define BASIN_SQRT(x) sqrt(x)
#define BASIN_ABS(x) fabs(x)
#define BASIN_TO_REALS(signed_word) BASIN_PASTE(convert_, BASIN_VECTOR(BASIN_REAL_TYPE))(signed_word)
#define BASIN_TO_SIGNED(words) BASIN_PASTE(as_, BASIN_VECTOR(int))(words)
#define BASIN_WIDEN(words) BASIN_PASTE(convert_, BASIN_VECTOR(BASIN_BIT_TYPE))(words)
#define BASIN_NARROW(bits) BASIN_PASTE(convert_, BASIN_VECTOR(uint))(bits)
#define BASIN_AS_BITS(reals) BASIN_PASTE(as_, BASIN_VECTOR(BASIN_BIT_TYPE))(reals)
#define BASIN_AS_REALS(bits) BASIN_PASTE(as_, BASIN_VECTOR(BASIN_REAL_TYPE))(bits)
/* Not mul_hi, which PoCL carries out a component at a time. */
#define BASIN_MULTIPLY(a, b, high_half, low_half)                          \
  {                                                                        \
    BASIN_VECTOR(ulong)                                                    \
    product = BASIN_PASTE(convert_, BASIN_VECTOR(ulong))(a) * (ulong)(b);  \
    high_half = BASIN_PASTE(convert_, BASIN_VECTOR(uint))(product >> 32u); \
    low_half = BASIN_LOW_HALF(a, b, product);                              \
  }
#if BASIN_WIDTH == 1
#define BASIN_LOW_HALF(a, b, product) ((uint)(product))
#define BASIN_ANY(condition) (condition)
#define BASIN_LANES ((words)0)
#define BASIN_LOAD(pointer) (*(pointer))
#define BASIN_STORE(vector, pointer) (*(pointer) = (vector))
#define BASIN_STORE_FOURS(z, pointer) \
  {                                   \
    (pointer)[0] = (z)[0];            \
    (pointer)[1] = (z)[1];            \
    (pointer)[2] = (z)[2];            \
    (pointer)[3] = (z)[3];            \
  }
#else
/* A second product takes a CPU less than picking the low halves of the first. */
#define BASIN_LOW_HALF(a, b, product) ((a) * (b))
#define BASIN_ANY(condition) any(condition)
#define BASIN_LANES BASIN_PASTE(BASIN_LANES_, BASIN_WIDTH)
#define BASIN_LANES_4 ((uint4)(0, 1, 2, 3))
#define BASIN_LANES_8 ((uint8)(0, 1, 2, 3, 4, 5, 6, 7))
#define BASIN_LANES_16 ((uint16)(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15))
#define BASIN_LOAD(pointer) BASIN_PASTE(vload, BASIN_WIDTH)(0, pointer)
#define BASIN_STORE(vector, pointer) BASIN_PASTE(vstore, BASIN_WIDTH)(vector, 0, pointer)
#define BASIN_STORE_FOURS(z, pointer) \
  { BASIN_STORE_HALF_(z, lo, pointer) BASIN_STORE_HALF_(z, hi, (pointer) + 2 * BASIN_WIDTH) }
#define BASIN_STORE_HALF_(z, half, pointer)                         \
  {                                                                 \
    reals evens_, odds_, fours_;                                    \
    evens_.even = (z)[0].half;                                      \
    evens_.odd = (z)[2].half;                                       \
    odds_.even = (z)[1].half;                                       \
    odds_.odd = (z)[3].half;                                        \
    fours_.even = evens_.lo;                                        \
    fours_.odd = odds_.lo;                                          \
    BASIN_PASTE(vstore, BASIN_WIDTH)(fours_, 0, pointer);           \
    fours_.even = evens_.hi;                                        \
    fours_.odd = odds_.hi;                                          \
    BASIN_PASTE(vstore, BASIN_WIDTH)(fours_, 1, pointer);           \
  }
#endif
