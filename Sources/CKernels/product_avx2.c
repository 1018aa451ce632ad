#include "avx2.h"

#ifdef CK_X86

/// Sums of `MR` rows times 16 columns (two vectors) of a panel, kept in registers over all segments.
CK_INLINE CK_TARGET_AVX2 void block(const int MR, const ck_product *p, ptrdiff_t row, ptrdiff_t panel,
                                    ptrdiff_t half) {
    const ptrdiff_t column = panel * p->panelWidth + 16 * half;
    const ptrdiff_t left = p->columnCount - column;
    if (left <= 0) return;
    const __m256i masks[2] = {ck_mask_256(left), ck_mask_256(left - 8)};
    __m256 sums[6][2];
#pragma clang loop unroll(full)
    for (int i = 0; i < MR; i++)
#pragma clang loop unroll(full)
        for (int v = 0; v < 2; v++) {
            sums[i][v] = _mm256_loadu_ps(p->bias + column + 8 * v);
            if (p->addend) {
                const float *addend = p->addend + (row + i) * p->addendStride + column + 8 * v;
                sums[i][v] = _mm256_add_ps(sums[i][v], _mm256_maskload_ps(addend, masks[v]));
            }
        }
    for (ptrdiff_t s = 0; s < p->segmentCount; s++) {
        const ck_segment *segment = &p->segments[s];
        const ptrdiff_t stride = segment->rowStride * (ptrdiff_t)sizeof(float);
        const float *weights = segment->panels + panel * segment->depth * p->panelWidth + 16 * half;
        const char *bases[2];
        bases[0] = (const char *)(segment->rows + row * segment->rowStride);
        bases[1] = bases[0] + 3 * stride;
        for (ptrdiff_t k = 0; k < segment->depth; k++, weights += p->panelWidth) {
            const __m256 w0 = _mm256_loadu_ps(weights), w1 = _mm256_loadu_ps(weights + 8);
#pragma clang loop unroll(full)
            for (int i = 0; i < MR; i++) {
                __m256 a = _mm256_broadcast_ss((const float *)(bases[i / 3] + (i % 3) * stride + 4 * k));
                sums[i][0] = _mm256_fmadd_ps(a, w0, sums[i][0]);
                sums[i][1] = _mm256_fmadd_ps(a, w1, sums[i][1]);
            }
        }
    }
#pragma clang loop unroll(full)
    for (int i = 0; i < MR; i++)
#pragma clang loop unroll(full)
        for (int v = 0; v < 2; v++) {
            const ptrdiff_t at = column + 8 * v;
            if (p->raw) _mm256_maskstore_ps(p->raw + (row + i) * p->rawStride + at, masks[v], sums[i][v]);
            if (p->activated)
                _mm256_maskstore_ps(p->activated + (row + i) * p->activatedStride + at, masks[v],
                                    ck_elu_256(sums[i][v]));
        }
}

static __attribute__((noinline)) CK_TARGET_AVX2 void block_6(const ck_product *p, ptrdiff_t row,
                                                             ptrdiff_t panel, ptrdiff_t half) {
    block(6, p, row, panel, half);
}

static __attribute__((noinline)) CK_TARGET_AVX2 void block_1(const ck_product *p, ptrdiff_t row,
                                                             ptrdiff_t panel, ptrdiff_t half) {
    block(1, p, row, panel, half);
}

void ck_product_avx2(const ck_product *p) {
    const ptrdiff_t panels = (p->columnCount + p->panelWidth - 1) / p->panelWidth;
    const ptrdiff_t pass = ck_panel_floats(p) <= CK_SMALL_PANEL_FLOATS ? 6 : CK_ROWS_PER_PASS;
    for (ptrdiff_t start = 0; start < p->rowCount; start += pass) {
        const ptrdiff_t end = start + pass < p->rowCount ? start + pass : p->rowCount;
        for (ptrdiff_t panel = 0; panel < panels; panel++)
            for (ptrdiff_t half = 0; half < p->panelWidth / 16; half++) {
                ptrdiff_t row = start;
                for (; row + 6 <= end; row += 6) block_6(p, row, panel, half);
                for (; row < end; row++) block_1(p, row, panel, half);
            }
    }
}

#endif
