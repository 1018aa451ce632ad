#include "include/ckspectral.h"

#include <math.h>

#include "internal.h"

CK_INLINE void window_body(const float *restrict window, const float *restrict in, float *restrict out,
                           ptrdiff_t count) {
    for (ptrdiff_t i = 0; i < count; i++) out[i] = window[i] * in[i];
}

CK_INLINE void window_add_body(const float *restrict window, const float *restrict in, float *restrict sum,
                               ptrdiff_t count) {
    for (ptrdiff_t i = 0; i < count; i++) sum[i] += window[i] * in[i];
}

CK_INLINE int project_body(const float *restrict now, const float *restrict past, float weight,
                           const float *restrict magnitudes, float *restrict out, ptrdiff_t count) {
    uint32_t extreme = 0;
    for (ptrdiff_t i = 0; i < count; i++) {
        float re = now[2 * i] - weight * past[2 * i];
        float im = now[2 * i + 1] - weight * past[2 * i + 1];
        float energy = re * re + im * im;
        // Written so that NaN counts as extreme.
        extreme |= ((energy > 0x1p-100f) & (energy < 0x1p100f)) ? 0u : 1u;
        float scale = magnitudes[i] / sqrtf(energy);
        out[2 * i] = re * scale;
        out[2 * i + 1] = im * scale;
    }
    return extreme == 0;
}

CK_INLINE void turns_body(const double *restrict turns, const float *restrict magnitudes, float *restrict out,
                          ptrdiff_t count) {
    for (ptrdiff_t i = 0; i < count; i++) {
        // Truncating is rounding here, as a turn is not negative.
        int32_t quarter = (int32_t)(4 * turns[i] + 0.5);
        double angle = (turns[i] - 0.25 * quarter) * 6.283185307179586477, square = angle * angle;
        double cosine = 1 / 479001600.0 - square / 87178291200.0;
        cosine = 1 / 40320.0 + square * (-1 / 3628800.0 + square * cosine);
        cosine = 1 / 24.0 + square * (-1 / 720.0 + square * cosine);
        cosine = 1 + square * (-1 / 2.0 + square * cosine);
        double sine = 1 / 6227020800.0 - square / 1307674368000.0;
        sine = 1 / 362880.0 + square * (-1 / 39916800.0 + square * sine);
        sine = 1 / 120.0 + square * (-1 / 5040.0 + square * sine);
        sine = angle * (1 + square * (-1 / 6.0 + square * sine));
        float re = (float)(quarter & 1 ? sine : cosine), im = (float)(quarter & 1 ? cosine : sine);
        out[2 * i] = ((quarter + 1) & 2 ? -re : re) * magnitudes[i];
        out[2 * i + 1] = (quarter & 2 ? -im : im) * magnitudes[i];
    }
}

#define CK_SPECTRAL(suffix, target)                                                                                 \
    target static void window_##suffix(const float *w, const float *in, float *out, ptrdiff_t n) {                  \
        window_body(w, in, out, n);                                                                                 \
    }                                                                                                               \
    target static void window_add_##suffix(const float *w, const float *in, float *sum, ptrdiff_t n) {              \
        window_add_body(w, in, sum, n);                                                                             \
    }                                                                                                               \
    target static int project_##suffix(const float *now, const float *past, float weight, const float *magnitudes, \
                                       float *out, ptrdiff_t n) {                                                   \
        return project_body(now, past, weight, magnitudes, out, n);                                                 \
    }                                                                                                               \
    target static void turns_##suffix(const double *turns, const float *magnitudes, float *out, ptrdiff_t n) {      \
        turns_body(turns, magnitudes, out, n);                                                                      \
    }

CK_SPECTRAL(plain, )
#ifdef CK_X86
CK_SPECTRAL(avx2, CK_TARGET_AVX2)
CK_SPECTRAL(avx512, CK_TARGET_AVX512)
#define CHOOSE(level, name, ...)                                   \
    ((level) == CK_AVX512 ? name##_avx512(__VA_ARGS__)             \
                          : (level) == CK_AVX2 ? name##_avx2(__VA_ARGS__) : name##_plain(__VA_ARGS__))
#else
#define CHOOSE(level, name, ...) ((void)(level), name##_plain(__VA_ARGS__))
#endif

void ck_window_run(ck_level level, const float *window, const float *in, float *out, ptrdiff_t count) {
    CHOOSE(level, window, window, in, out, count);
}

void ck_window_add_run(ck_level level, const float *window, const float *in, float *sum, ptrdiff_t count) {
    CHOOSE(level, window_add, window, in, sum, count);
}

int ck_project_run(ck_level level, const float *now, const float *past, float weight, const float *magnitudes,
                   float *out, ptrdiff_t count) {
    return CHOOSE(level, project, now, past, weight, magnitudes, out, count);
}

void ck_turns_run(ck_level level, const double *turns, const float *magnitudes, float *out, ptrdiff_t count) {
    CHOOSE(level, turns, turns, magnitudes, out, count);
}
