#ifndef CKTAPS_H
#define CKTAPS_H

#include "ckernels.h"

/// out[i] = sum over k of weights[k] * rows[k][i], accumulated from k = 0 up in one order on every path, so that results
/// do not depend on how columns are split into calls. Fused where the level has a fused multiply-add. `rowCount` of 0
/// gives zeros; `out` must overlap no row.
void ck_weighted_sum(ck_level level, const float *const *rows, const float *weights, ptrdiff_t rowCount, float *out,
                     ptrdiff_t count);

#endif
