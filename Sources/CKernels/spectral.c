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
