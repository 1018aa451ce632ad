#ifndef CKSPECTRAL_H
#define CKSPECTRAL_H

#include "ckernels.h"

// Loops of the short-time Fourier transform over floats. Each exists once, as plain C that compilers vectorise, and is
// compiled for every level; levels may differ in the last bit, where the processor multiplies and adds in one step.
// Arrays must not overlap.

/// out[i] = window[i] * in[i].
void ck_window_run(ck_level level, const float *window, const float *in, float *out, ptrdiff_t count);

/// sum[i] += window[i] * in[i].
void ck_window_add_run(ck_level level, const float *window, const float *in, float *sum, ptrdiff_t count);

/// Keeps the phase of d = now - weight * past and sets its length: out = magnitude * d / |d|.
/// Complex numbers are pairs of floats; `count` counts pairs and magnitudes. Returns whether every |d|^2 lies between
/// 2^-100 and 2^100; where one does not, `out` is not usable.
int ck_project_run(ck_level level, const float *now, const float *past, float weight, const float *magnitudes,
                   float *out, ptrdiff_t count);

/// out = magnitude * (cos(2 pi turn), sin(2 pi turn)), pairs; turns in 0 ..< 1. Computed in double by Taylor's series
/// around the nearest quarter turn: the first terms left out are (pi / 4)^16 / 16! = 1e-15 and (pi / 4)^17 / 17! = 5e-17.
void ck_turns_run(ck_level level, const double *turns, const float *magnitudes, float *out, ptrdiff_t count);

#endif
