#ifndef CKERNELS_AVX512_H
#define CKERNELS_AVX512_H

#include "internal.h"

#ifdef CK_X86
CK_INLINE CK_TARGET_AVX512 __m512 ck_expm1_512(__m512 x) {
    x = _mm512_max_ps(_mm512_set1_ps(CK_EXP_LOW), _mm512_min_ps(_mm512_set1_ps(CK_EXP_HIGH), x));
    __m512 n = _mm512_roundscale_ps(_mm512_mul_ps(x, _mm512_set1_ps(CK_LOG2E)),
                                    _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC);
    __m512 r = _mm512_fnmadd_ps(n, _mm512_set1_ps(CK_LN2_HIGH), x);
    r = _mm512_fnmadd_ps(n, _mm512_set1_ps(CK_LN2_LOW), r);
    __m512 q = _mm512_set1_ps(CK_Q5);
    q = _mm512_fmadd_ps(q, r, _mm512_set1_ps(CK_Q4));
    q = _mm512_fmadd_ps(q, r, _mm512_set1_ps(CK_Q3));
    q = _mm512_fmadd_ps(q, r, _mm512_set1_ps(CK_Q2));
    q = _mm512_fmadd_ps(q, r, _mm512_set1_ps(CK_Q1));
    q = _mm512_fmadd_ps(q, r, _mm512_set1_ps(CK_Q0));
    q = _mm512_fmadd_ps(q, _mm512_mul_ps(r, r), r);
    __m512i exponent = _mm512_add_epi32(_mm512_cvtps_epi32(n), _mm512_set1_epi32(127));
    __m512 power = _mm512_castsi512_ps(_mm512_slli_epi32(exponent, 23));
    return _mm512_fmadd_ps(power, q, _mm512_sub_ps(power, _mm512_set1_ps(1.0f)));
}

CK_INLINE CK_TARGET_AVX512 __m512 ck_elu_512(__m512 x) {
    // "not less or equal" keeps x itself for NaN as well.
    __mmask16 keep = _mm512_cmp_ps_mask(x, _mm512_setzero_ps(), _CMP_NLE_UQ);
    return _mm512_mask_blend_ps(keep, ck_expm1_512(x), x);
}

CK_INLINE CK_TARGET_AVX512 __m512 ck_sigmoid_512(__m512 x) {
    __m512 one = _mm512_set1_ps(1.0f);
    __m512 e = ck_expm1_512(_mm512_sub_ps(_mm512_setzero_ps(), x));
    return _mm512_div_ps(one, _mm512_add_ps(one, _mm512_add_ps(one, e)));
}

CK_INLINE CK_TARGET_AVX512 __m512 ck_tanh_512(__m512 x) {
    __m512 sign = _mm512_and_ps(x, _mm512_set1_ps(-0.0f));
    __m512 magnitude = _mm512_andnot_ps(_mm512_set1_ps(-0.0f), x);
    __m512 e = ck_expm1_512(_mm512_mul_ps(_mm512_set1_ps(-2.0f), magnitude));
    __m512 t = _mm512_div_ps(e, _mm512_add_ps(_mm512_set1_ps(2.0f), e));
    return _mm512_xor_ps(sign, _mm512_sub_ps(_mm512_setzero_ps(), t));
}
#endif

#endif
