#ifndef CKTRAINING_H
#define CKTRAINING_H

// Loops of training; arrays do not overlap unless said. Counts are at least 0, any address will do.

/// out[c][r] = in[r][c]: a (rows x columns) matrix turned over, tile by tile.
void ck_transpose_run(const float *in, ptrdiff_t rows, ptrdiff_t columns, float *out);

/// out[i] = e^(in[i] - peak); returns their sum, in double. Relative error below 1.5e-7, and below -87, where
/// floats lose digits, at most the smallest float; NaN stays NaN. No number may exceed `peak`.
double ck_exp_sum_run(ck_level level, const float *in, float peak, float *out, ptrdiff_t count);

/// The largest of `count` numbers, at least one; NaN only where it is the first.
float ck_peak_run(ck_level level, const float *in, ptrdiff_t count);

/// values[i] *= factor.
void ck_scale_run(ck_level level, float *values, float factor, ptrdiff_t count);

/// 1 / (1 + e^-x), the exponential within 1.5e-7; NaN stays NaN. `out` may be `in`.
void ck_sigmoid_run(ck_level level, const float *in, float *out, ptrdiff_t count);

/// The sum of squares, in double over 16 lanes.
double ck_square_sum_run(ck_level level, const float *values, ptrdiff_t count);

/// Tells the allocator to keep freed memory for the process instead of giving it back to the system.
void ck_keep_freed_memory(void);

/// Factors of one step of Adam.
typedef struct {
    /// 1 - rate * decay when decay is decoupled, 1 otherwise.
    float shrink;
    /// Decay that is added to the gradient, 0 when it is decoupled.
    float coupledDecay;
    /// 1 - beta1.
    float newFirst;
    float beta2;
    /// 1 - beta2.
    float newSecond;
    /// Learning rate over the first moment's correction.
    float rate;
    /// Root of the second moment's correction.
    float rootCorrection;
    float epsilon;
} ck_adam;

/// Moves `count` values by their gradients and updates both moments.
void ck_adam_run(ck_level level, const ck_adam *rule, float *values, const float *gradients, float *first,
                 float *second, ptrdiff_t count);

#endif
