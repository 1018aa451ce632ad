#ifndef CKPOLYPHASE_H
#define CKPOLYPHASE_H

#include "ckernels.h"

/// Resampling by a filter that is stored by phases.
typedef struct {
    /// `up` rows of `width` taps, the oldest input's first; `width` is a multiple of 16.
    const double *rows;
    ptrdiff_t width, up, down;
    /// Tap position of the first output: its last input is top / up, its row top % up.
    ptrdiff_t top;
    /// Input from sample `origin` on.
    const double *in;
    ptrdiff_t origin;
    double *out;
    ptrdiff_t count;
} ck_polyphase;

/// out[m] = sum over i of row[i] * in[i], in sixteen partial sums; levels may differ in the last bit.
void ck_polyphase_run(ck_level level, const ck_polyphase *polyphase);

#endif
