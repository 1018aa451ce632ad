#ifndef CKLANES_H
#define CKLANES_H

#include "ckernels.h"

// The short-time Fourier transform of 16 signals at once, one a lane: sample i of all signals is a row of 16 floats, and
// a complex number of all signals is a row of 16 real parts followed by a row of 16 imaginary parts. So every step is the
// same for all lanes and no transform needs to move numbers between lanes. Buffers are aligned to 64 bytes.

/// Signals that are transformed together.
enum { CK_LANES = 16 };

/// Tables of the real transforms of one length N = 2 count, a power of two from 4.
typedef struct {
    /// Complex numbers of the transform inside: N / 2.
    ptrdiff_t count;
    /// Level after level of the transform, n = count, count / 8, ...: exp(-2 pi i p q / n) for p < n / r, 1 <= q < r,
    /// with r = 8, or n where that is less; real and imaginary part in turn.
    const float *twiddles;
    /// exp(-2 pi i k / N) for k = 0 ... N / 4, real and imaginary part in turn.
    const float *turns;
    /// Which complex row holds bin k of the transform inside.
    const int32_t *rows;
} ck_lane_plan;

/// What flows from lane to lane in ck_lanes_project, in numbers of one lane: `bins` of them, or pairs.
typedef struct {
    /// For lane 0: the next spectrum, its magnitudes, and the rebuilt spectrum an iteration ago.
    const float *spectrumIn, *magnitudesIn, *pastIn;
    /// From lane `tap`, the same.
    float *spectrumOut, *magnitudesOut, *pastOut;
    ptrdiff_t tap;
    /// Factor of the past, one a lane.
    const float *weights;
} ck_lane_flow;

/// Transforms `2 count` real rows in place into `count` complex rows in the order of `rows`; not yet split into bins.
void ck_lanes_forward(ck_level level, const ck_lane_plan *plan, float *work);

/// The reverse of ck_lanes_forward, not scaled.
void ck_lanes_inverse(ck_level level, const ck_lane_plan *plan, float *work);

/// out[row] = window[row] * in[row], or added to `out`, for rows of lanes.
void ck_lanes_window(ck_level level, const float *window, const float *in, float *out, ptrdiff_t rows, int adds);

/// Griffin-Lim's step in the frequency domain. Splits `work`, what ck_lanes_forward gave, into the bins of a real
/// transform, exchanges them for what is in `rebuilt`, keeps the phases of now - weight * past and sets `magnitudes`
/// (zero where |.| is), moves every lane's result to the next lane, and leaves in `work` what ck_lanes_inverse takes.
/// `rebuilt` (complex rows) and `magnitudes` (rows) move on by a lane, too: lane l takes the past of lane l - 1.
void ck_lanes_project(ck_level level, const ck_lane_plan *plan, float *work, float *rebuilt, float *magnitudes,
                      const ck_lane_flow *flow);

#endif
