#include "include/cksha256.h"

#include "internal.h"

#ifdef CK_X86

#include <cpuid.h>

int ck_sha256_available(void) {
    unsigned a, b, c, d;
    // Leaf 7: SHA is bit 29 of EBX; leaf 1: SSE4.1 and SSSE3 are bits 19 and 9 of ECX.
    if (!__get_cpuid_count(7, 0, &a, &b, &c, &d) || !(b >> 29 & 1)) return 0;
    return __get_cpuid(1, &a, &b, &c, &d) && (c >> 19 & 1) && (c >> 9 & 1);
}

// The instructions hold the eight words as two vectors: a b e f and c d g h, first word in the highest lane.
__attribute__((target("sha,sse4.1,ssse3"))) void ck_sha256_blocks(uint32_t *state, const uint32_t *constants,
                                                                   const uint8_t *blocks, ptrdiff_t count) {
    const __m128i bigEndian = _mm_set_epi64x(0x0c0d0e0f08090a0bLL, 0x0405060700010203LL);
    __m128i abef = _mm_set_epi32((int)state[0], (int)state[1], (int)state[4], (int)state[5]);
    __m128i cdgh = _mm_set_epi32((int)state[2], (int)state[3], (int)state[6], (int)state[7]);
    for (; count > 0; count--, blocks += 64) {
        const __m128i oldAbef = abef, oldCdgh = cdgh;
        __m128i words[16];
        for (int group = 0; group < 16; group++) {
            if (group < 4) {
                words[group] = _mm_shuffle_epi8(_mm_loadu_si128((const __m128i *)(blocks + 16 * group)), bigEndian);
            } else {
                // Word t takes words t - 16, t - 15, t - 7 and t - 2.
                __m128i early = _mm_sha256msg1_epu32(words[group - 4], words[group - 3]);
                __m128i middle = _mm_alignr_epi8(words[group - 1], words[group - 2], 4);
                words[group] = _mm_sha256msg2_epu32(_mm_add_epi32(early, middle), words[group - 1]);
            }
            __m128i sum = _mm_add_epi32(words[group], _mm_loadu_si128((const __m128i *)(constants + 4 * group)));
            // Two rounds each; what was a b e f is c d g h two rounds later.
            cdgh = _mm_sha256rnds2_epu32(cdgh, abef, sum);
            abef = _mm_sha256rnds2_epu32(abef, cdgh, _mm_shuffle_epi32(sum, 0x0E));
        }
        abef = _mm_add_epi32(abef, oldAbef);
        cdgh = _mm_add_epi32(cdgh, oldCdgh);
    }
    state[0] = (uint32_t)_mm_extract_epi32(abef, 3), state[1] = (uint32_t)_mm_extract_epi32(abef, 2);
    state[4] = (uint32_t)_mm_extract_epi32(abef, 1), state[5] = (uint32_t)_mm_extract_epi32(abef, 0);
    state[2] = (uint32_t)_mm_extract_epi32(cdgh, 3), state[3] = (uint32_t)_mm_extract_epi32(cdgh, 2);
    state[6] = (uint32_t)_mm_extract_epi32(cdgh, 1), state[7] = (uint32_t)_mm_extract_epi32(cdgh, 0);
}

#else

int ck_sha256_available(void) { return 0; }

void ck_sha256_blocks(uint32_t *state, const uint32_t *constants, const uint8_t *blocks, ptrdiff_t count) {
    (void)state, (void)constants, (void)blocks, (void)count;
}

#endif
