// The kernels without any instruction set of their own: for other processors, and as the twin that tests compare
// the fast ones with. Same order of additions; fused only where the baseline processor fuses.
#include <math.h>

#include "internal.h"

#if defined(__FMA__) || defined(__aarch64__)
#define MULTIPLY_ADD(a, b, c) __builtin_fmaf((a), (b), (c))
#else
#define MULTIPLY_ADD(a, b, c) ((a) * (b) + (c))
#endif

static float elu(float x) { return x <= 0.0f ? expm1f(x) : x; }

void ck_elu_plain(const float *in, float *out, ptrdiff_t count) {
    for (ptrdiff_t i = 0; i < count; i++) out[i] = elu(in[i]);
}

/// Sums of one row times one panel.
static void row_times_panel(const ck_product *p, ptrdiff_t row, ptrdiff_t panel, float *sums) {
    const ptrdiff_t width = p->panelWidth;
    for (ptrdiff_t n = 0; n < width; n++) sums[n] = p->bias[panel * width + n];
    if (p->addend)
        for (ptrdiff_t n = 0; n < width && panel * width + n < p->columnCount; n++)
            sums[n] += p->addend[row * p->addendStride + panel * width + n];
    for (ptrdiff_t s = 0; s < p->segmentCount; s++) {
        const ck_segment *segment = &p->segments[s];
        const float *in = segment->rows + row * segment->rowStride;
        const float *weights = segment->panels + panel * segment->depth * width;
        for (ptrdiff_t k = 0; k < segment->depth; k++, weights += width)
            for (ptrdiff_t n = 0; n < width; n++) sums[n] = MULTIPLY_ADD(in[k], weights[n], sums[n]);
    }
}

void ck_product_plain(const ck_product *p) {
    const ptrdiff_t panels = (p->columnCount + p->panelWidth - 1) / p->panelWidth;
    float sums[32];
    for (ptrdiff_t row = 0; row < p->rowCount; row++)
        for (ptrdiff_t panel = 0; panel < panels; panel++) {
            row_times_panel(p, row, panel, sums);
            for (ptrdiff_t n = 0; n < p->panelWidth; n++) {
                const ptrdiff_t column = panel * p->panelWidth + n;
                if (column >= p->columnCount) break;
                if (p->raw) p->raw[row * p->rawStride + column] = sums[n];
                if (p->activated) p->activated[row * p->activatedStride + column] = elu(sums[n]);
            }
        }
}

void ck_narrow_plain(const float *rows, ptrdiff_t rowStride, ptrdiff_t depth, ptrdiff_t rowCount,
                     const float *weights, const float *bias, ptrdiff_t columnCount, float *out) {
    for (ptrdiff_t m = 0; m < rowCount; m++)
        for (ptrdiff_t n = 0; n < columnCount; n++) {
            float lanes[16] = {0};
            for (ptrdiff_t k = 0; k < depth; k++)
                lanes[k % 16] = MULTIPLY_ADD(rows[m * rowStride + k], weights[n * depth + k], lanes[k % 16]);
            for (int apart = 8; apart > 0; apart /= 2)
                for (int i = 0; i < apart; i++) lanes[i] += lanes[i + apart];
            out[m * columnCount + n] = bias[n] + lanes[0];
        }
}

void ck_lstm_plain(const ck_lstm *l) {
    const ptrdiff_t hidden = l->hidden;
    float *cell = l->state + hidden;
    for (ptrdiff_t t = 0; t < l->stepCount; t++) {
        for (ptrdiff_t unit = 0; unit < hidden; unit++) {
            const float *weights = l->recurrent + (unit / 16) * hidden * 64 + unit % 16;
            float sums[4];
            for (int g = 0; g < 4; g++) {
                sums[g] = l->gates[(t * 4 + g) * hidden + unit];
                for (ptrdiff_t k = 0; k < hidden; k++)
                    sums[g] = MULTIPLY_ADD(l->state[k], weights[k * 64 + 16 * g], sums[g]);
            }
            const float input = 1.0f / (1.0f + expf(-sums[0])), forget = 1.0f / (1.0f + expf(-sums[1]));
            const float output = 1.0f / (1.0f + expf(-sums[3]));
            cell[unit] = MULTIPLY_ADD(forget, cell[unit], input * tanhf(sums[2]));
            l->scratch[unit] = output * tanhf(cell[unit]);
        }
        for (ptrdiff_t unit = 0; unit < hidden; unit++) {
            l->state[unit] = l->scratch[unit];
            l->out[t * l->outStride + unit] =
                l->scratch[unit] + (l->skip ? l->skip[t * l->skipStride + unit] : 0.0f);
        }
    }
}

ptrdiff_t ck_nearest_plain(const float *dots, const float *norms, ptrdiff_t count, float rowNorm) {
    float least = __builtin_inff();
    ptrdiff_t index = 0;
    for (ptrdiff_t n = 0; n < count; n++) {
        const float distance = (rowNorm - 2.0f * dots[n]) + norms[n];
        if (distance < least) {
            least = distance;
            index = n;
        }
    }
    return index;
}

float ck_peak_plain(ptrdiff_t rounds, ptrdiff_t *flopsPerRound) {
    float sums[16];
    for (int i = 0; i < 16; i++) sums[i] = (float)i;
    for (ptrdiff_t r = 0; r < rounds; r++)
        for (int i = 0; i < 16; i++) sums[i] = MULTIPLY_ADD(sums[i], 0.9999f, 1e-4f);
    float total = 0;
    for (int i = 0; i < 16; i++) total += sums[i];
    *flopsPerRound = 16 * 2;
    return total;
}
