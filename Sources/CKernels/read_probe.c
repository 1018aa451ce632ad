#include "internal.h"

// Eight accumulators hide the additions' latency, so that only reading limits the loop. They live on from pass to pass:
// no pass can be left out. Prefetching 2 KB ahead is what kernels do that read weights once in order; it is faster by a
// fifth than leaving it to the processor. Behind the end it does nothing.

static float ck_read_plain(const float *data, ptrdiff_t count, ptrdiff_t passes) {
    float sums[8] = {0};
    for (ptrdiff_t pass = 0; pass < passes; pass++)
        for (ptrdiff_t i = 0; i < count; i += 8)
            for (int lane = 0; lane < 8; lane++) sums[lane] += data[i + lane];
    float total = 0;
    for (int lane = 0; lane < 8; lane++) total += sums[lane];
    return total;
}

#ifdef CK_X86
CK_TARGET_AVX2 static float ck_read_avx2(const float *data, ptrdiff_t count, ptrdiff_t passes) {
    __m256 sums[8];
    for (int lane = 0; lane < 8; lane++) sums[lane] = _mm256_setzero_ps();
    for (ptrdiff_t pass = 0; pass < passes; pass++)
        for (ptrdiff_t i = 0; i < count; i += 64)
            for (int lane = 0; lane < 8; lane++) {
                if (lane % 2 == 0) _mm_prefetch((const char *)(data + i + lane * 8 + 512), _MM_HINT_T0);
                sums[lane] = _mm256_add_ps(sums[lane], _mm256_loadu_ps(data + i + lane * 8));
            }
    float values[8], total = 0;
    for (int lane = 0; lane < 8; lane++) {
        _mm256_storeu_ps(values, sums[lane]);
        for (int i = 0; i < 8; i++) total += values[i];
    }
    return total;
}

CK_TARGET_AVX512 static float ck_read_avx512(const float *data, ptrdiff_t count, ptrdiff_t passes) {
    __m512 sums[4];
    for (int lane = 0; lane < 4; lane++) sums[lane] = _mm512_setzero_ps();
    for (ptrdiff_t pass = 0; pass < passes; pass++)
        for (ptrdiff_t i = 0; i < count; i += 64)
            for (int lane = 0; lane < 4; lane++) {
                _mm_prefetch((const char *)(data + i + lane * 16 + 512), _MM_HINT_T0);
                sums[lane] = _mm512_add_ps(sums[lane], _mm512_loadu_ps(data + i + lane * 16));
            }
    float total = 0;
    for (int lane = 0; lane < 4; lane++) total += _mm512_reduce_add_ps(sums[lane]);
    return total;
}
#endif

float ck_read_probe(ck_level level, const float *data, ptrdiff_t count, ptrdiff_t passes) {
#ifdef CK_X86
    if (level == CK_AVX512) return ck_read_avx512(data, count, passes);
    if (level == CK_AVX2) return ck_read_avx2(data, count, passes);
#endif
    (void)level;
    return ck_read_plain(data, count, passes);
}
