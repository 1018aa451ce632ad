#include "include/cktaps.h"

#include "internal.h"

// Sixteen floats at any float's address.
typedef float ck_group __attribute__((vector_size(64), aligned(4)));

// Sums stay in registers while the rows pass by: 64 columns are 4 registers of the widest level, 8 of the next.
CK_INLINE void weighted_sum_body(const float *const *rows, const float *weights, ptrdiff_t rowCount,
                                 float *restrict out, ptrdiff_t count) {
    ptrdiff_t i = 0;
    for (; i + 64 <= count; i += 64) {
        ck_group a = {0}, b = {0}, c = {0}, d = {0};
        for (ptrdiff_t k = 0; k < rowCount; k++) {
            const ck_group *row = (const ck_group *)(rows[k] + i);
            a += weights[k] * row[0];
            b += weights[k] * row[1];
            c += weights[k] * row[2];
            d += weights[k] * row[3];
        }
        ck_group *sum = (ck_group *)(out + i);
        sum[0] = a;
        sum[1] = b;
        sum[2] = c;
        sum[3] = d;
    }
    for (; i < count; i++) {
        float a = 0;
        for (ptrdiff_t k = 0; k < rowCount; k++) a += weights[k] * rows[k][i];
        out[i] = a;
    }
}

#define CK_TAPS(suffix, target)                                                                              \
    target static void weighted_sum_##suffix(const float *const *rows, const float *weights, ptrdiff_t n,    \
                                             float *out, ptrdiff_t count) {                                  \
        weighted_sum_body(rows, weights, n, out, count);                                                     \
    }

CK_TAPS(plain, )
#ifdef CK_X86
CK_TAPS(avx2, CK_TARGET_AVX2)
CK_TAPS(avx512, CK_TARGET_AVX512)
#endif

void ck_weighted_sum(ck_level level, const float *const *rows, const float *weights, ptrdiff_t rowCount, float *out,
                     ptrdiff_t count) {
#ifdef CK_X86
    if (level == CK_AVX512) return weighted_sum_avx512(rows, weights, rowCount, out, count);
    if (level == CK_AVX2) return weighted_sum_avx2(rows, weights, rowCount, out, count);
#endif
    (void)level;
    weighted_sum_plain(rows, weights, rowCount, out, count);
}
