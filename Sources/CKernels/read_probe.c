#include "internal.h"

// Eight accumulators hide the additions' latency, so that only reading limits the loop. They live on from pass to pass:
// no pass can be left out.

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
            for (int lane = 0; lane < 8; lane++)
                sums[lane] = _mm256_add_ps(sums[lane], _mm256_loadu_ps(data + i + lane * 8));
    float values[8], total = 0;
    for (int lane = 0; lane < 8; lane++) {
        _mm256_storeu_ps(values, sums[lane]);
        for (int i = 0; i < 8; i++) total += values[i];
    }
    return total;
}
#endif

float ck_read_probe(ck_level level, const float *data, ptrdiff_t count, ptrdiff_t passes) {
#ifdef CK_X86
    if (level != CK_PLAIN) return ck_read_avx2(data, count, passes);
#endif
    (void)level;
    return ck_read_plain(data, count, passes);
}
