#include "internal.h"

ck_level ck_best_level(void) {
#ifdef CK_X86
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
        __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512bw"))
        return CK_AVX512;
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return CK_AVX2;
#endif
    return CK_PLAIN;
}

// One line a kernel: the asked level, or the plain one where the level does not exist on this architecture.
#ifdef CK_X86
#define CHOOSE(level, name, ...)                                   \
    ((level) == CK_AVX512 ? name##_avx512(__VA_ARGS__)             \
                          : (level) == CK_AVX2 ? name##_avx2(__VA_ARGS__) : name##_plain(__VA_ARGS__))
#else
#define CHOOSE(level, name, ...) ((void)(level), name##_plain(__VA_ARGS__))
#endif

void ck_product_run(ck_level level, const ck_product *product) { CHOOSE(level, ck_product, product); }

void ck_narrow_run(ck_level level, const float *rows, ptrdiff_t rowStride, ptrdiff_t depth, ptrdiff_t rowCount,
                   const float *weights, const float *bias, ptrdiff_t columnCount, float *out) {
    CHOOSE(level, ck_narrow, rows, rowStride, depth, rowCount, weights, bias, columnCount, out);
}

void ck_elu_run(ck_level level, const float *in, float *out, ptrdiff_t count) {
    CHOOSE(level, ck_elu, in, out, count);
}

void ck_lstm_run(ck_level level, const ck_lstm *lstm) { CHOOSE(level, ck_lstm, lstm); }

ptrdiff_t ck_nearest(ck_level level, const float *dots, const float *norms, ptrdiff_t count, float rowNorm) {
    return CHOOSE(level, ck_nearest, dots, norms, count, rowNorm);
}

float ck_peak_probe(ck_level level, ptrdiff_t rounds, ptrdiff_t *flopsPerRound) {
    return CHOOSE(level, ck_peak, rounds, flopsPerRound);
}
