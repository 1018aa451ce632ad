#include "include/ckpolyphase.h"

#include "internal.h"

/// Eight doubles at any address; compilers split them where registers are shorter.
typedef double ck_eight __attribute__((vector_size(64), aligned(8)));

CK_INLINE void polyphase_body(const ck_polyphase *p) {
    for (ptrdiff_t m = 0; m < p->count; m++) {
        ptrdiff_t top = p->top + m * p->down;
        const double *row = p->rows + top % p->up * p->width;
        const double *in = p->in + (top / p->up - p->width + 1 - p->origin);
        ck_eight a = {0}, b = {0};
        for (ptrdiff_t i = 0; i < p->width; i += 16) {
            a += *(const ck_eight *)(row + i) * *(const ck_eight *)(in + i);
            b += *(const ck_eight *)(row + i + 8) * *(const ck_eight *)(in + i + 8);
        }
        a += b;
        p->out[m] = ((a[0] + a[4]) + (a[1] + a[5])) + ((a[2] + a[6]) + (a[3] + a[7]));
    }
}

static void polyphase_plain(const ck_polyphase *p) { polyphase_body(p); }
#ifdef CK_X86
CK_TARGET_AVX2 static void polyphase_avx2(const ck_polyphase *p) { polyphase_body(p); }
CK_TARGET_AVX512 static void polyphase_avx512(const ck_polyphase *p) { polyphase_body(p); }
#endif

void ck_polyphase_run(ck_level level, const ck_polyphase *p) {
#ifdef CK_X86
    if (level == CK_AVX512) return polyphase_avx512(p);
    if (level == CK_AVX2) return polyphase_avx2(p);
#endif
    (void)level;
    polyphase_plain(p);
}
