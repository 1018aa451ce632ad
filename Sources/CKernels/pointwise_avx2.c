#include "avx2.h"

#ifdef CK_X86

CK_TARGET_AVX2 void ck_elu_avx2(const float *in, float *out, ptrdiff_t count) {
    for (ptrdiff_t i = 0; i < count; i += 8) {
        const __m256i mask = ck_mask_256(count - i);
        _mm256_maskstore_ps(out + i, mask, ck_elu_256(_mm256_maskload_ps(in + i, mask)));
    }
}

CK_INLINE CK_TARGET_AVX2 float sum_lanes(__m256 low, __m256 high) {
    __m256 eight = _mm256_add_ps(low, high);
    __m128 four = _mm_add_ps(_mm256_castps256_ps128(eight), _mm256_extractf128_ps(eight, 1));
    __m128 two = _mm_add_ps(four, _mm_movehl_ps(four, four));
    return _mm_cvtss_f32(_mm_add_ss(two, _mm_shuffle_ps(two, two, 1)));
}

CK_TARGET_AVX2 void ck_narrow_avx2(const float *rows, ptrdiff_t rowStride, ptrdiff_t depth, ptrdiff_t rowCount,
                                   const float *weights, const float *bias, ptrdiff_t columnCount, float *out) {
    for (ptrdiff_t m = 0; m < rowCount; m++) {
        const float *row = rows + m * rowStride;
        for (ptrdiff_t n = 0; n < columnCount; n++) {
            const float *column = weights + n * depth;
            __m256 sums[2] = {_mm256_setzero_ps(), _mm256_setzero_ps()};
            for (ptrdiff_t k = 0; k < depth; k += 8) {
                const __m256i mask = ck_mask_256(depth - k);
                const ptrdiff_t v = (k / 8) % 2;
                sums[v] = _mm256_fmadd_ps(_mm256_maskload_ps(row + k, mask),
                                          _mm256_maskload_ps(column + k, mask), sums[v]);
            }
            out[m * columnCount + n] = bias[n] + sum_lanes(sums[0], sums[1]);
        }
    }
}

/// Gates of eight hidden units from their four accumulators; `at` is the first unit.
CK_INLINE CK_TARGET_AVX2 void cell_update(const ck_lstm *l, ptrdiff_t at, __m256 i, __m256 f, __m256 g, __m256 o) {
    float *cell = l->state + l->hidden;
    __m256 input = ck_sigmoid_256(i), forget = ck_sigmoid_256(f);
    __m256 candidate = ck_tanh_256(g), output = ck_sigmoid_256(o);
    __m256 c = _mm256_fmadd_ps(forget, _mm256_loadu_ps(cell + at), _mm256_mul_ps(input, candidate));
    _mm256_storeu_ps(cell + at, c);
    _mm256_storeu_ps(l->scratch + at, _mm256_mul_ps(output, ck_tanh_256(c)));
}

CK_TARGET_AVX2 void ck_lstm_avx2(const ck_lstm *l) {
    const ptrdiff_t hidden = l->hidden;
    for (ptrdiff_t t = 0; t < l->stepCount; t++) {
        const float *gates = l->gates + t * 4 * hidden;
        const float *weights = l->recurrent;
        for (ptrdiff_t unit = 0; unit < hidden; unit += 16) {
            __m256 sums[8];
#pragma clang loop unroll(full)
            for (int v = 0; v < 8; v++) sums[v] = _mm256_loadu_ps(gates + (v / 2) * hidden + unit + 8 * (v % 2));
            for (ptrdiff_t k = 0; k < hidden; k++, weights += 64) {
                const __m256 h = _mm256_broadcast_ss(l->state + k);
#pragma clang loop unroll(full)
                for (int v = 0; v < 8; v++)
                    sums[v] = _mm256_fmadd_ps(h, _mm256_loadu_ps(weights + 8 * v), sums[v]);
            }
            cell_update(l, unit, sums[0], sums[2], sums[4], sums[6]);
            cell_update(l, unit + 8, sums[1], sums[3], sums[5], sums[7]);
        }
        for (ptrdiff_t unit = 0; unit < hidden; unit += 8) {
            __m256 h = _mm256_loadu_ps(l->scratch + unit);
            _mm256_storeu_ps(l->state + unit, h);
            if (l->skip) h = _mm256_add_ps(h, _mm256_loadu_ps(l->skip + t * l->skipStride + unit));
            _mm256_storeu_ps(l->out + t * l->outStride + unit, h);
        }
    }
}

CK_TARGET_AVX2 ptrdiff_t ck_nearest_avx2(const float *dots, const float *norms, ptrdiff_t count, float rowNorm) {
    const __m256 own = _mm256_set1_ps(rowNorm), two = _mm256_set1_ps(2.0f);
    __m256 best = _mm256_set1_ps(__builtin_inff());
    __m256i bestIndex = _mm256_setzero_si256();
    const __m256i lanes = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);
    ptrdiff_t n = 0;
    for (; n + 8 <= count; n += 8) {
        __m256 distance = _mm256_add_ps(_mm256_fnmadd_ps(two, _mm256_loadu_ps(dots + n), own),
                                        _mm256_loadu_ps(norms + n));
        __m256 closer = _mm256_cmp_ps(distance, best, _CMP_LT_OQ);
        best = _mm256_blendv_ps(best, distance, closer);
        bestIndex = _mm256_blendv_epi8(bestIndex, _mm256_add_epi32(lanes, _mm256_set1_epi32((int)n)),
                                       _mm256_castps_si256(closer));
    }
    float values[8], least = __builtin_inff();
    int32_t indices[8];
    ptrdiff_t index = 0;
    _mm256_storeu_ps(values, best);
    _mm256_storeu_si256((__m256i *)indices, bestIndex);
    for (int v = 0; v < 8; v++)
        if (values[v] < least || (values[v] == least && indices[v] < index)) {
            least = values[v];
            index = indices[v];
        }
    for (; n < count; n++) {
        float distance = (rowNorm - 2.0f * dots[n]) + norms[n];
        if (distance < least) {
            least = distance;
            index = n;
        }
    }
    return index;
}

CK_TARGET_AVX2 float ck_peak_avx2(ptrdiff_t rounds, ptrdiff_t *flopsPerRound) {
    __m256 sums[12];
    const __m256 a = _mm256_set1_ps(0.9999f), b = _mm256_set1_ps(1e-4f);
#pragma clang loop unroll(full)
    for (int i = 0; i < 12; i++) sums[i] = _mm256_set1_ps((float)i);
    for (ptrdiff_t r = 0; r < rounds; r++)
#pragma clang loop unroll(full)
        for (int i = 0; i < 12; i++) sums[i] = _mm256_fmadd_ps(sums[i], a, b);
    float total = 0;
    for (int i = 0; i < 12; i++) total += sum_lanes(sums[i], sums[i]);
    *flopsPerRound = 12 * 8 * 2;
    return total;
}

#endif
