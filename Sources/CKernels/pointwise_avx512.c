#include "avx512.h"

#ifdef CK_X86

CK_TARGET_AVX512 void ck_elu_avx512(const float *in, float *out, ptrdiff_t count) {
    for (ptrdiff_t i = 0; i < count; i += 16) {
        __mmask16 mask = count - i >= 16 ? 0xFFFF : (__mmask16)((1u << (count - i)) - 1);
        _mm512_mask_storeu_ps(out + i, mask, ck_elu_512(_mm512_maskz_loadu_ps(mask, in + i)));
    }
}

CK_INLINE CK_TARGET_AVX512 float sum_lanes(__m512 x) {
    __m256 eight = _mm256_add_ps(_mm512_castps512_ps256(x), _mm512_extractf32x8_ps(x, 1));
    __m128 four = _mm_add_ps(_mm256_castps256_ps128(eight), _mm256_extractf128_ps(eight, 1));
    __m128 two = _mm_add_ps(four, _mm_movehl_ps(four, four));
    return _mm_cvtss_f32(_mm_add_ss(two, _mm_shuffle_ps(two, two, 1)));
}

CK_TARGET_AVX512 void ck_narrow_avx512(const float *rows, ptrdiff_t rowStride, ptrdiff_t depth,
                                       ptrdiff_t rowCount, const float *weights, const float *bias,
                                       ptrdiff_t columnCount, float *out) {
    for (ptrdiff_t m = 0; m < rowCount; m++) {
        const float *row = rows + m * rowStride;
        for (ptrdiff_t n = 0; n < columnCount; n++) {
            const float *column = weights + n * depth;
            __m512 sum = _mm512_setzero_ps();
            ptrdiff_t k = 0;
            for (; k + 16 <= depth; k += 16)
                sum = _mm512_fmadd_ps(_mm512_loadu_ps(row + k), _mm512_loadu_ps(column + k), sum);
            if (k < depth) {
                __mmask16 mask = (__mmask16)((1u << (depth - k)) - 1);
                sum = _mm512_mask3_fmadd_ps(_mm512_maskz_loadu_ps(mask, row + k),
                                            _mm512_maskz_loadu_ps(mask, column + k), sum, mask);
            }
            out[m * columnCount + n] = bias[n] + sum_lanes(sum);
        }
    }
}

CK_TARGET_AVX512 void ck_lstm_avx512(const ck_lstm *l) {
    const ptrdiff_t hidden = l->hidden;
    float *cell = l->state + hidden;
    for (ptrdiff_t t = 0; t < l->stepCount; t++) {
        const float *gates = l->gates + t * 4 * hidden;
        const float *weights = l->recurrent;
        for (ptrdiff_t unit = 0; unit < hidden; unit += 16) {
            __m512 sums[4];
#pragma clang loop unroll(full)
            for (int g = 0; g < 4; g++) sums[g] = _mm512_loadu_ps(gates + g * hidden + unit);
            for (ptrdiff_t k = 0; k < hidden; k++, weights += 64) {
                __m512 h = _mm512_set1_ps(l->state[k]);
                // The weights of a layer (4 MB) come from the last-level cache: ask for them 8 KB ahead.
#pragma clang loop unroll(full)
                for (int line = 0; line < 4; line++)
                    _mm_prefetch((const char *)(weights + 2048 + 16 * line), _MM_HINT_T0);
#pragma clang loop unroll(full)
                for (int g = 0; g < 4; g++)
                    sums[g] = _mm512_fmadd_ps(h, _mm512_loadu_ps(weights + 16 * g), sums[g]);
            }
            __m512 input = ck_sigmoid_512(sums[0]), forget = ck_sigmoid_512(sums[1]);
            __m512 candidate = ck_tanh_512(sums[2]), output = ck_sigmoid_512(sums[3]);
            __m512 c = _mm512_fmadd_ps(forget, _mm512_loadu_ps(cell + unit), _mm512_mul_ps(input, candidate));
            _mm512_storeu_ps(cell + unit, c);
            _mm512_storeu_ps(l->scratch + unit, _mm512_mul_ps(output, ck_tanh_512(c)));
        }
        for (ptrdiff_t unit = 0; unit < hidden; unit += 16) {
            __m512 h = _mm512_loadu_ps(l->scratch + unit);
            _mm512_storeu_ps(l->state + unit, h);
            if (l->skip) h = _mm512_add_ps(h, _mm512_loadu_ps(l->skip + t * l->skipStride + unit));
            _mm512_storeu_ps(l->out + t * l->outStride + unit, h);
        }
    }
}

CK_TARGET_AVX512 ptrdiff_t ck_nearest_avx512(const float *dots, const float *norms, ptrdiff_t count,
                                             float rowNorm) {
    const __m512 own = _mm512_set1_ps(rowNorm), two = _mm512_set1_ps(2.0f);
    __m512 best = _mm512_set1_ps(__builtin_inff());
    __m512i bestIndex = _mm512_setzero_si512();
    const __m512i lanes = _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
    for (ptrdiff_t n = 0; n < count; n += 16) {
        __mmask16 mask = count - n >= 16 ? 0xFFFF : (__mmask16)((1u << (count - n)) - 1);
        __m512 distance = _mm512_add_ps(_mm512_fnmadd_ps(two, _mm512_maskz_loadu_ps(mask, dots + n), own),
                                        _mm512_maskz_loadu_ps(mask, norms + n));
        __mmask16 closer = _mm512_mask_cmp_ps_mask(mask, distance, best, _CMP_LT_OQ);
        best = _mm512_mask_mov_ps(best, closer, distance);
        bestIndex = _mm512_mask_mov_epi32(bestIndex, closer, _mm512_add_epi32(lanes, _mm512_set1_epi32((int)n)));
    }
    __mmask16 ties = _mm512_cmp_ps_mask(best, _mm512_set1_ps(_mm512_reduce_min_ps(best)), _CMP_EQ_OQ);
    return _mm512_mask_reduce_min_epu32(ties, bestIndex);
}

CK_TARGET_AVX512 float ck_peak_avx512(ptrdiff_t rounds, ptrdiff_t *flopsPerRound) {
    __m512 sums[24];
    const __m512 a = _mm512_set1_ps(0.9999f), b = _mm512_set1_ps(1e-4f);
#pragma clang loop unroll(full)
    for (int i = 0; i < 24; i++) sums[i] = _mm512_set1_ps((float)i);
    for (ptrdiff_t r = 0; r < rounds; r++)
#pragma clang loop unroll(full)
        for (int i = 0; i < 24; i++) sums[i] = _mm512_fmadd_ps(sums[i], a, b);
    float total = 0;
    for (int i = 0; i < 24; i++) total += sum_lanes(sums[i]);
    *flopsPerRound = 24 * 16 * 2;
    return total;
}

#endif
