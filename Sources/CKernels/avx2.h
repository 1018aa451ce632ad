#ifndef CKERNELS_AVX2_H
#define CKERNELS_AVX2_H

#include "internal.h"

#ifdef CK_X86
CK_INLINE CK_TARGET_AVX2 __m256 ck_expm1_256(__m256 x) {
    x = _mm256_max_ps(_mm256_set1_ps(CK_EXP_LOW), _mm256_min_ps(_mm256_set1_ps(CK_EXP_HIGH), x));
    __m256 n = _mm256_round_ps(_mm256_mul_ps(x, _mm256_set1_ps(CK_LOG2E)),
                               _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC);
    __m256 r = _mm256_fnmadd_ps(n, _mm256_set1_ps(CK_LN2_HIGH), x);
    r = _mm256_fnmadd_ps(n, _mm256_set1_ps(CK_LN2_LOW), r);
    __m256 q = _mm256_set1_ps(CK_Q5);
    q = _mm256_fmadd_ps(q, r, _mm256_set1_ps(CK_Q4));
    q = _mm256_fmadd_ps(q, r, _mm256_set1_ps(CK_Q3));
    q = _mm256_fmadd_ps(q, r, _mm256_set1_ps(CK_Q2));
    q = _mm256_fmadd_ps(q, r, _mm256_set1_ps(CK_Q1));
    q = _mm256_fmadd_ps(q, r, _mm256_set1_ps(CK_Q0));
    q = _mm256_fmadd_ps(q, _mm256_mul_ps(r, r), r);
    __m256i exponent = _mm256_add_epi32(_mm256_cvtps_epi32(n), _mm256_set1_epi32(127));
    __m256 power = _mm256_castsi256_ps(_mm256_slli_epi32(exponent, 23));
    return _mm256_fmadd_ps(power, q, _mm256_sub_ps(power, _mm256_set1_ps(1.0f)));
}

CK_INLINE CK_TARGET_AVX2 __m256 ck_elu_256(__m256 x) {
    __m256 keep = _mm256_cmp_ps(x, _mm256_setzero_ps(), _CMP_NLE_UQ);
    return _mm256_blendv_ps(ck_expm1_256(x), x, keep);
}

CK_INLINE CK_TARGET_AVX2 __m256 ck_sigmoid_256(__m256 x) {
    __m256 one = _mm256_set1_ps(1.0f);
    __m256 e = ck_expm1_256(_mm256_sub_ps(_mm256_setzero_ps(), x));
    return _mm256_div_ps(one, _mm256_add_ps(one, _mm256_add_ps(one, e)));
}

CK_INLINE CK_TARGET_AVX2 __m256 ck_tanh_256(__m256 x) {
    __m256 sign = _mm256_and_ps(x, _mm256_set1_ps(-0.0f));
    __m256 magnitude = _mm256_andnot_ps(_mm256_set1_ps(-0.0f), x);
    __m256 e = ck_expm1_256(_mm256_mul_ps(_mm256_set1_ps(-2.0f), magnitude));
    __m256 t = _mm256_div_ps(e, _mm256_add_ps(_mm256_set1_ps(2.0f), e));
    return _mm256_xor_ps(sign, _mm256_sub_ps(_mm256_setzero_ps(), t));
}

/// Lanes of a masked load or store: the first `count` of eight.
CK_INLINE CK_TARGET_AVX2 __m256i ck_mask_256(ptrdiff_t count) {
    const __m256i lanes = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);
    return _mm256_cmpgt_epi32(_mm256_set1_epi32(count > 8 ? 8 : (int)count), lanes);
}
#endif

#endif
