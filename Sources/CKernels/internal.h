#ifndef CKERNELS_INTERNAL_H
#define CKERNELS_INTERNAL_H

#include "include/ckernels.h"

#if defined(__x86_64__)
#define CK_X86 1
#include <immintrin.h>
#define CK_TARGET_AVX2 __attribute__((target("avx2,fma")))
#define CK_TARGET_AVX512 __attribute__((target("avx512f,avx512dq,avx512vl,avx512bw,avx2,fma")))
#endif
#define CK_INLINE static inline __attribute__((always_inline))

// expm1 over (-inf, 0] and beyond: 2^n * expm1(r) + (2^n - 1), r = x - n ln 2, |r| <= ln 2 / 2.
// expm1(r) = r + r^2 q(r), q the Taylor series of (e^r - 1 - r) / r^2 to r^5: truncation below 2^-26 of r.
#define CK_LOG2E 1.44269504088896341f
#define CK_LN2_HIGH 0.693359375f
#define CK_LN2_LOW -2.12194440e-4f
#define CK_Q0 0.5f
#define CK_Q1 1.6666666666e-1f
#define CK_Q2 4.1666666666e-2f
#define CK_Q3 8.3333333333e-3f
#define CK_Q4 1.3888888888e-3f
#define CK_Q5 1.9841269841e-4f
// Below this expm1 is -1 in float32; above the other limit 2^n would overflow.
#define CK_EXP_LOW -87.0f
#define CK_EXP_HIGH 88.0f

/// Rows of one pass over the panels when these do not fit the nearest caches.
enum { CK_ROWS_PER_PASS = 96, CK_SMALL_PANEL_FLOATS = 48 * 1024 };

CK_INLINE ptrdiff_t ck_panel_floats(const ck_product *p) {
    ptrdiff_t panels = (p->columnCount + p->panelWidth - 1) / p->panelWidth;
    ptrdiff_t depth = 0;
    for (ptrdiff_t s = 0; s < p->segmentCount; s++) depth += p->segments[s].depth;
    return panels * p->panelWidth * depth;
}

void ck_product_plain(const ck_product *product);
void ck_product_avx2(const ck_product *product);
void ck_product_avx512(const ck_product *product);
void ck_narrow_plain(const float *rows, ptrdiff_t rowStride, ptrdiff_t depth, ptrdiff_t rowCount,
                     const float *weights, const float *bias, ptrdiff_t columnCount, float *out);
void ck_narrow_avx2(const float *rows, ptrdiff_t rowStride, ptrdiff_t depth, ptrdiff_t rowCount,
                    const float *weights, const float *bias, ptrdiff_t columnCount, float *out);
void ck_narrow_avx512(const float *rows, ptrdiff_t rowStride, ptrdiff_t depth, ptrdiff_t rowCount,
                      const float *weights, const float *bias, ptrdiff_t columnCount, float *out);
void ck_elu_plain(const float *in, float *out, ptrdiff_t count);
void ck_elu_avx2(const float *in, float *out, ptrdiff_t count);
void ck_elu_avx512(const float *in, float *out, ptrdiff_t count);
void ck_lstm_plain(const ck_lstm *lstm);
void ck_lstm_avx2(const ck_lstm *lstm);
void ck_lstm_avx512(const ck_lstm *lstm);
ptrdiff_t ck_nearest_plain(const float *dots, const float *norms, ptrdiff_t count, float rowNorm);
ptrdiff_t ck_nearest_avx2(const float *dots, const float *norms, ptrdiff_t count, float rowNorm);
ptrdiff_t ck_nearest_avx512(const float *dots, const float *norms, ptrdiff_t count, float rowNorm);
float ck_peak_avx2(ptrdiff_t rounds, ptrdiff_t *flopsPerRound);
float ck_peak_avx512(ptrdiff_t rounds, ptrdiff_t *flopsPerRound);
float ck_peak_plain(ptrdiff_t rounds, ptrdiff_t *flopsPerRound);

#endif
