#include "avx512.h"

#ifdef CK_X86

/// Sums of `MR` rows times one panel of `NV` x 16 columns, kept in registers over all segments.
CK_INLINE CK_TARGET_AVX512 void block(const int MR, const int NV, const ck_product *p, ptrdiff_t row,
                                      ptrdiff_t panel) {
    const ptrdiff_t width = 16 * NV;
    const ptrdiff_t column = panel * width;
    const ptrdiff_t left = p->columnCount - column;
    __mmask16 masks[2];
    for (int v = 0; v < NV; v++) {
        ptrdiff_t valid = left - 16 * v;
        masks[v] = valid >= 16 ? 0xFFFF : (valid <= 0 ? 0 : (__mmask16)((1u << valid) - 1));
    }
    __m512 sums[24][2];
    if (p->addend) {
        const float *addend = p->addend + row * p->addendStride + column;
#pragma clang loop unroll(full)
        for (int i = 0; i < MR; i++)
#pragma clang loop unroll(full)
            for (int v = 0; v < NV; v++)
                sums[i][v] = _mm512_add_ps(
                    _mm512_loadu_ps(p->bias + column + 16 * v),
                    _mm512_maskz_loadu_ps(masks[v], addend + i * p->addendStride + 16 * v));
    } else {
#pragma clang loop unroll(full)
        for (int i = 0; i < MR; i++)
#pragma clang loop unroll(full)
            for (int v = 0; v < NV; v++) sums[i][v] = _mm512_loadu_ps(p->bias + column + 16 * v);
    }
    for (ptrdiff_t s = 0; s < p->segmentCount; s++) {
        const ck_segment *segment = &p->segments[s];
        const ptrdiff_t stride = segment->rowStride * (ptrdiff_t)sizeof(float);
        const float *weights = segment->panels + panel * segment->depth * width;
        // Three rows per base pointer: addresses are base, base + stride, base + 2 * stride.
        const char *bases[8];
#pragma clang loop unroll(full)
        for (int i = 0; i < (MR + 2) / 3; i++)
            bases[i] = (const char *)(segment->rows + row * segment->rowStride) + 3 * i * stride;
        for (ptrdiff_t k = 0; k < segment->depth; k++) {
            __m512 w[2];
#pragma clang loop unroll(full)
            for (int v = 0; v < NV; v++) w[v] = _mm512_loadu_ps(weights + 16 * v);
            weights += width;
#pragma clang loop unroll(full)
            for (int i = 0; i < MR; i++) {
                __m512 a = _mm512_set1_ps(*(const float *)(bases[i / 3] + (i % 3) * stride + 4 * k));
#pragma clang loop unroll(full)
                for (int v = 0; v < NV; v++) sums[i][v] = _mm512_fmadd_ps(a, w[v], sums[i][v]);
            }
        }
    }
    if (p->raw) {
        float *raw = p->raw + row * p->rawStride + column;
#pragma clang loop unroll(full)
        for (int i = 0; i < MR; i++)
#pragma clang loop unroll(full)
            for (int v = 0; v < NV; v++)
                _mm512_mask_storeu_ps(raw + i * p->rawStride + 16 * v, masks[v], sums[i][v]);
    }
    if (p->activated) {
        float *activated = p->activated + row * p->activatedStride + column;
#pragma clang loop unroll(full)
        for (int i = 0; i < MR; i++)
#pragma clang loop unroll(full)
            for (int v = 0; v < NV; v++)
                _mm512_mask_storeu_ps(activated + i * p->activatedStride + 16 * v, masks[v],
                                      ck_elu_512(sums[i][v]));
    }
}

#define BLOCK(MR, NV)                                                                                        \
    static __attribute__((noinline)) CK_TARGET_AVX512 void block_##MR##_##NV(                                 \
        const ck_product *p, ptrdiff_t row, ptrdiff_t panel) {                                               \
        block(MR, NV, p, row, panel);                                                                        \
    }
BLOCK(12, 2)
BLOCK(8, 2)
BLOCK(4, 2)
BLOCK(2, 2)
BLOCK(1, 2)
BLOCK(24, 1)
BLOCK(12, 1)
BLOCK(4, 1)
BLOCK(1, 1)

typedef struct {
    ptrdiff_t rows;
    void (*run)(const ck_product *, ptrdiff_t, ptrdiff_t);
} shape;

static const shape wide[] = {{12, block_12_2}, {8, block_8_2}, {4, block_4_2}, {2, block_2_2}, {1, block_1_2}};
static const shape slim[] = {{24, block_24_1}, {12, block_12_1}, {4, block_4_1}, {1, block_1_1}};

void ck_product_avx512(const ck_product *p) {
    const shape *shapes = p->panelWidth == 32 ? wide : slim;
    const ptrdiff_t panels = (p->columnCount + p->panelWidth - 1) / p->panelWidth;
    const ptrdiff_t pass = ck_panel_floats(p) <= CK_SMALL_PANEL_FLOATS ? shapes[0].rows : CK_ROWS_PER_PASS;
    for (ptrdiff_t start = 0; start < p->rowCount; start += pass) {
        const ptrdiff_t end = start + pass < p->rowCount ? start + pass : p->rowCount;
        for (ptrdiff_t panel = 0; panel < panels; panel++) {
            const shape *now = shapes;
            for (ptrdiff_t row = start; row < end; row += now->rows) {
                while (row + now->rows > end) now++;
                now->run(p, row, panel);
            }
        }
    }
}

#endif
