#include <math.h>

#include "internal.h"

// Bodies over vectors of sixteen: each level compiles them to its own instructions.
typedef float lanes16 __attribute__((vector_size(64), aligned(4), may_alias));
typedef int32_t whole16 __attribute__((vector_size(64), aligned(4), may_alias));
typedef double wide8 __attribute__((vector_size(64)));
typedef float lanes8 __attribute__((vector_size(32), aligned(4), may_alias));

// Adding it rounds a float of less than 2^22 to a whole number, which then stands in the low bits.
#define CK_ROUNDER 0x1.8p23f
// e^x is 0 in float32 below this.
#define CK_EXP_ZERO -104.0f

/// e^x for x <= 0 as 2^n e^r, |r| <= ln 2 / 2. e^r = 1 + r + r^2 q(r) with the Taylor series to r^7, whose rest is below
/// r^8 / 8! = 5.3e-9, 7.5e-9 of e^r; rounding adds 2^-24 in the last sum (6e-8), half of that in r and in r + r^2 q each (3e-8 of
/// e^r > 0.7 together, twice) and less than 2e-8 in q, whose share is below 0.07: under 1.5e-7 in all.
CK_INLINE void exp_lanes(const lanes16 *in, lanes16 *out) {
    lanes16 x = *in;
    const whole16 below = x < CK_EXP_ZERO;
    x = (lanes16)((~below & (whole16)x) | (below & (whole16)((lanes16){0} + CK_EXP_ZERO)));
    const lanes16 shifted = x * CK_LOG2E + CK_ROUNDER;
    const lanes16 n = shifted - CK_ROUNDER;
    const lanes16 r = (x - n * CK_LN2_HIGH) - n * CK_LN2_LOW;
    const lanes16 q = ((((CK_Q5 * r + CK_Q4) * r + CK_Q3) * r + CK_Q2) * r + CK_Q1) * r + CK_Q0;
    // In two halves, for 2^n alone may be too small for a float with all its digits.
    const whole16 exponent = (whole16)shifted - (whole16)((lanes16){0} + CK_ROUNDER);
    const whole16 half = exponent >> 1;
    const lanes16 low = (lanes16)((half + 127) << 23), high = (lanes16)((exponent - half + 127) << 23);
    *out = (1.0f + (r + r * r * q)) * low * high;
}

/// Reads up to sixteen numbers; the others become `rest`.
CK_INLINE void load_lanes(const float *in, ptrdiff_t count, float rest, lanes16 *out) {
    if (count >= 16) {
        *out = *(const lanes16 *)in;
        return;
    }
    for (int i = 0; i < 16; i++) (*out)[i] = i < count ? in[i] : rest;
}

CK_INLINE void store_lanes(const lanes16 *lanes, float *out, ptrdiff_t count) {
    if (count >= 16)
        *(lanes16 *)out = *lanes;
    else
        for (int i = 0; i < count; i++) out[i] = (*lanes)[i];
}

CK_INLINE double exp_sum_body(const float *in, float peak, float *out, ptrdiff_t count) {
    wide8 low = {0}, high = {0};
    for (ptrdiff_t i = 0; i < count; i += 16) {
        lanes16 x, e;
        load_lanes(in + i, count - i, peak, &x);
        x -= peak;
        exp_lanes(&x, &e);
        // What stands for nothing is 0 in the sum.
        for (ptrdiff_t rest = count - i; rest < 16; rest++) e[rest] = 0;
        low += __builtin_convertvector(((lanes8 *)&e)[0], wide8);
        high += __builtin_convertvector(((lanes8 *)&e)[1], wide8);
        store_lanes(&e, out + i, count - i);
    }
    low += high;
    return ((low[0] + low[4]) + (low[1] + low[5])) + ((low[2] + low[6]) + (low[3] + low[7]));
}

CK_INLINE float peak_body(const float *in, ptrdiff_t count) {
    lanes16 best = {0};
    best += in[0];
    for (ptrdiff_t i = 0; i < count; i += 16) {
        lanes16 x;
        load_lanes(in + i, count - i, in[0], &x);
        const whole16 wins = x > best;
        best = (lanes16)((wins & (whole16)x) | (~wins & (whole16)best));
    }
    float peak = best[0];
    for (int i = 1; i < 16; i++) peak = best[i] > peak ? best[i] : peak;
    return peak;
}

CK_INLINE void sigmoid_body(const float *in, float *out, ptrdiff_t count) {
    for (ptrdiff_t i = 0; i < count; i += 16) {
        lanes16 x, e;
        load_lanes(in + i, count - i, 0, &x);
        const whole16 negative = x < 0.0f;
        const lanes16 descending = (lanes16)((whole16)x | INT32_MIN);
        exp_lanes(&descending, &e);
        const lanes16 one = (lanes16){0} + 1.0f;
        const lanes16 y = (lanes16)((negative & (whole16)e) | (~negative & (whole16)one)) / (1.0f + e);
        store_lanes(&y, out + i, count - i);
    }
}

CK_INLINE void scale_body(float *values, float factor, ptrdiff_t count) {
    for (ptrdiff_t i = 0; i < count; i++) values[i] *= factor;
}

CK_INLINE double square_sum_body(const float *values, ptrdiff_t count) {
    wide8 low = {0}, high = {0};
    for (ptrdiff_t i = 0; i < count; i += 16) {
        lanes16 x;
        load_lanes(values + i, count - i, 0, &x);
        const wide8 first = __builtin_convertvector(((lanes8 *)&x)[0], wide8);
        const wide8 second = __builtin_convertvector(((lanes8 *)&x)[1], wide8);
        low += first * first;
        high += second * second;
    }
    low += high;
    return ((low[0] + low[4]) + (low[1] + low[5])) + ((low[2] + low[6]) + (low[3] + low[7]));
}

CK_INLINE void adam_body(const ck_adam *rule, float *restrict values, const float *restrict gradients,
                         float *restrict first, float *restrict second, ptrdiff_t count) {
    // Every product is rounded, so that all levels give the same bits.
#pragma clang fp contract(off)
    const ck_adam r = *rule;
    for (ptrdiff_t i = 0; i < count; i++) {
        const float gradient = gradients[i] + r.coupledDecay * values[i];
        const float mean = first[i] + r.newFirst * (gradient - first[i]);
        const float square = r.beta2 * second[i] + r.newSecond * gradient * gradient;
        first[i] = mean;
        second[i] = square;
        values[i] = r.shrink * values[i] - r.rate * (mean / (sqrtf(square) / r.rootCorrection + r.epsilon));
    }
}

#define CK_TRAINING(suffix, target)                                                                                  \
    target static double exp_sum_##suffix(const float *in, float peak, float *out, ptrdiff_t n) {                    \
        return exp_sum_body(in, peak, out, n);                                                                       \
    }                                                                                                                \
    target static float peak_##suffix(const float *in, ptrdiff_t n) { return peak_body(in, n); }                     \
    target static void sigmoid_##suffix(const float *in, float *out, ptrdiff_t n) { sigmoid_body(in, out, n); }      \
    target static void scale_##suffix(float *values, float factor, ptrdiff_t n) { scale_body(values, factor, n); }   \
    target static double square_sum_##suffix(const float *values, ptrdiff_t n) { return square_sum_body(values, n); } \
    target static void adam_##suffix(const ck_adam *rule, float *values, const float *gradients, float *first,       \
                                     float *second, ptrdiff_t n) {                                                   \
        adam_body(rule, values, gradients, first, second, n);                                                        \
    }

CK_TRAINING(plain, )
#ifdef CK_X86
CK_TRAINING(avx2, CK_TARGET_AVX2)
CK_TRAINING(avx512, CK_TARGET_AVX512)
#define CHOOSE(level, name, ...)                                   \
    ((level) == CK_AVX512 ? name##_avx512(__VA_ARGS__)             \
                          : (level) == CK_AVX2 ? name##_avx2(__VA_ARGS__) : name##_plain(__VA_ARGS__))
#else
#define CHOOSE(level, name, ...) ((void)(level), name##_plain(__VA_ARGS__))
#endif

double ck_exp_sum_run(ck_level level, const float *in, float peak, float *out, ptrdiff_t count) {
    return CHOOSE(level, exp_sum, in, peak, out, count);
}

float ck_peak_run(ck_level level, const float *in, ptrdiff_t count) { return CHOOSE(level, peak, in, count); }

void ck_scale_run(ck_level level, float *values, float factor, ptrdiff_t count) {
    CHOOSE(level, scale, values, factor, count);
}

void ck_sigmoid_run(ck_level level, const float *in, float *out, ptrdiff_t count) {
    CHOOSE(level, sigmoid, in, out, count);
}

double ck_square_sum_run(ck_level level, const float *values, ptrdiff_t count) {
    return CHOOSE(level, square_sum, values, count);
}

void ck_adam_run(ck_level level, const ck_adam *rule, float *values, const float *gradients, float *first,
                 float *second, ptrdiff_t count) {
    CHOOSE(level, adam, rule, values, gradients, first, second, count);
}

/// A tile's rows and columns: both sides of it stay in the nearest cache.
enum { TILE = 32 };

void ck_transpose_run(const float *in, ptrdiff_t rows, ptrdiff_t columns, float *out) {
    for (ptrdiff_t top = 0; top < rows; top += TILE)
        for (ptrdiff_t left = 0; left < columns; left += TILE) {
            const ptrdiff_t bottom = top + TILE < rows ? top + TILE : rows;
            const ptrdiff_t right = left + TILE < columns ? left + TILE : columns;
            for (ptrdiff_t c = left; c < right; c++)
                for (ptrdiff_t r = top; r < bottom; r++) out[c * rows + r] = in[r * columns + c];
        }
}
