#ifndef CKERNELS_H
#define CKERNELS_H

#include <stddef.h>
#include <stdint.h>

// Float kernels of the codec, one plain and two written for an instruction set.
//
// Conventions: matrices are row-major float32; a stride counts floats between the starts of neighbouring rows and
// may be smaller than the row's depth (overlapping rows are how a convolution reads its input in place). Every
// output element is accumulated over k from 0 up with fused multiply-adds, starting from the bias, on every level
// and in every block shape: results do not depend on how rows are split into calls. (The plain level is fused only
// where the processor's baseline has a fused multiply-add.) Nothing is allocated, nothing global is written.

/// Instruction sets that a kernel can be asked to use.
typedef enum { CK_PLAIN = 0, CK_AVX2 = 1, CK_AVX512 = 2 } ck_level;

/// The best level of the processor that runs this.
ck_level ck_best_level(void);

/// One term of a product: `rows` (rowCount x depth) times `panels` (depth x columns, packed).
typedef struct {
    const float *rows;
    ptrdiff_t rowStride;
    ptrdiff_t depth;
    /// Panels of `panelWidth` columns: [panel][k][column], columns past the end are 0.
    const float *panels;
} ck_segment;

/// out[m][n] = bias[n] + addend[m][n] + sum over segments and k of rows[m][k] * panels[k][n].
typedef struct {
    const ck_segment *segments;
    ptrdiff_t segmentCount;
    ptrdiff_t rowCount;
    ptrdiff_t columnCount;
    /// 16 or 32.
    ptrdiff_t panelWidth;
    /// Length: columns rounded up to whole panels.
    const float *bias;
    /// NULL, or added before the products.
    const float *addend;
    ptrdiff_t addendStride;
    /// NULL, or where the sums go.
    float *raw;
    ptrdiff_t rawStride;
    /// NULL, or where ELU of the sums goes.
    float *activated;
    ptrdiff_t activatedStride;
} ck_product;

void ck_product_run(ck_level level, const ck_product *product);

/// Products with few output columns: out[m][n] = bias[n] + rows[m] . weights[n], weights [column][k].
/// Sums run over 16 lanes (k mod 16), then lanes are added pairwise: 8, 4, 2, 1 apart.
void ck_narrow_run(ck_level level, const float *rows, ptrdiff_t rowStride, ptrdiff_t depth, ptrdiff_t rowCount,
                   const float *weights, const float *bias, ptrdiff_t columnCount, float *out);

/// ELU with alpha 1 over `count` floats: x for x > 0, expm1(x) otherwise; NaN stays NaN.
void ck_elu_run(ck_level level, const float *in, float *out, ptrdiff_t count);

/// Steps of one LSTM layer: gates[t] (4 x hidden: input, forget, cell, output) already hold the input's share.
/// `recurrent` is packed [hidden / 16][k][gate][16]; hidden is a multiple of 16; `state` holds h then c and is
/// updated; `scratch` holds `hidden` floats; out[t] (row stride `outStride`) = h + skip[t].
typedef struct {
    ptrdiff_t hidden;
    ptrdiff_t stepCount;
    const float *gates;
    const float *recurrent;
    float *state;
    float *scratch;
    float *out;
    ptrdiff_t outStride;
    /// NULL, or added to every output row (the residual connection round the whole LSTM).
    const float *skip;
    ptrdiff_t skipStride;
} ck_lstm;

void ck_lstm_run(ck_level level, const ck_lstm *lstm);

/// Index of the smallest (rowNorm - 2 * dot[n]) + norms[n], the first one among equals; NaN never wins.
ptrdiff_t ck_nearest(ck_level level, const float *dots, const float *norms, ptrdiff_t count, float rowNorm);

/// Fused multiply-adds in a loop that touches no memory; returns a value that depends on all of them.
/// Performs `rounds` x `*flopsPerRound` floating point operations: the machine's peak for benchmarks.
float ck_peak_probe(ck_level level, ptrdiff_t rounds, ptrdiff_t *flopsPerRound);

/// Sum of `count` floats (a multiple of 64), read `passes` times: measures how fast memory is read.
float ck_read_probe(ck_level level, const float *data, ptrdiff_t count, ptrdiff_t passes);
#include "ckpolyphase.h"
#include "ckspectral.h"
#include "cktaps.h"
#include "cktraining.h"

#endif
