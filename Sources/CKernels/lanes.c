#include "include/cklanes.h"

#include "internal.h"

typedef float lanes __attribute__((ext_vector_type(16)));
typedef int32_t lane_mask __attribute__((ext_vector_type(16)));

/// A complex number of every lane.
typedef struct {
    lanes re, im;
} pair;

#define SPLAT(x) ((lanes)(x))
#define ADD(a, b) ((pair){(a).re + (b).re, (a).im + (b).im})
#define SUB(a, b) ((pair){(a).re - (b).re, (a).im - (b).im})
/// (a - b) times -i.
#define SUB_TURNED(a, b) ((pair){(a).im - (b).im, (b).re - (a).re})
/// a + i b and a - i b.
#define PLUS_I(a, b) ((pair){(a).re - (b).im, (a).im + (b).re})
#define MINUS_I(a, b) ((pair){(a).re + (b).im, (a).im - (b).re})

// Rows of a complex number; the inverse transform is the forward one with the two parts exchanged.
CK_INLINE void load(const float *rows, int swapped, pair *a) {
    const lanes *v = (const lanes *)rows;
    a->re = v[swapped];
    a->im = v[1 - swapped];
}

CK_INLINE void store(float *rows, int swapped, const pair *a) {
    lanes *v = (lanes *)rows;
    v[swapped] = a->re;
    v[1 - swapped] = a->im;
}

CK_INLINE void turn(pair *a, const float *w) {
    lanes re = a->re * w[0] - a->im * w[1];
    a->im = a->re * w[1] + a->im * w[0];
    a->re = re;
}

/// The transform of `radix` numbers, in place and in natural order.
CK_INLINE void butterfly(pair *a, int radix) {
    if (radix == 2) {
        pair s = ADD(a[0], a[1]), d = SUB(a[0], a[1]);
        a[0] = s, a[1] = d;
    } else if (radix == 4) {
        pair s0 = ADD(a[0], a[2]), d0 = SUB(a[0], a[2]), s1 = ADD(a[1], a[3]), d1 = SUB(a[1], a[3]);
        a[0] = ADD(s0, s1), a[2] = SUB(s0, s1), a[1] = MINUS_I(d0, d1), a[3] = PLUS_I(d0, d1);
    } else {
        const float h = 0.70710678118654752440f;
        pair s0 = ADD(a[0], a[4]), s1 = ADD(a[1], a[5]), s2 = ADD(a[2], a[6]), s3 = ADD(a[3], a[7]);
        pair d0 = SUB(a[0], a[4]), e1 = SUB(a[1], a[5]), d2 = SUB_TURNED(a[2], a[6]), e3 = SUB(a[3], a[7]);
        pair d1 = {(e1.re + e1.im) * h, (e1.im - e1.re) * h}, d3 = {(e3.im - e3.re) * h, (e3.re + e3.im) * -h};
        pair t0 = ADD(s0, s2), t1 = SUB(s0, s2), t2 = ADD(s1, s3), t3 = SUB(s1, s3);
        a[0] = ADD(t0, t2), a[4] = SUB(t0, t2), a[2] = MINUS_I(t1, t3), a[6] = PLUS_I(t1, t3);
        t0 = ADD(d0, d2), t1 = SUB(d0, d2), t2 = ADD(d1, d3), t3 = SUB(d1, d3);
        a[1] = ADD(t0, t2), a[5] = SUB(t0, t2), a[3] = MINUS_I(t1, t3), a[7] = PLUS_I(t1, t3);
    }
}

/// One level over n complex rows: butterflies of rows n / radix apart, turned behind them (or before them, inverse).
CK_INLINE void pass(float *rows, ptrdiff_t n, int radix, const float *twiddles, int inverse) {
    ptrdiff_t step = n / radix, stride = step * 2 * CK_LANES;
    for (ptrdiff_t p = 0; p < step; p++) {
        float *at = rows + p * 2 * CK_LANES;
        const float *w = twiddles + p * 2 * (radix - 1);
        pair a[8];
        for (int q = 0; q < radix; q++) load(at + q * stride, inverse, a + q);
        if (inverse && step > 1)
            for (int q = 1; q < radix; q++) turn(a + q, w + 2 * (q - 1));
        butterfly(a, radix);
        if (!inverse && step > 1)
            for (int q = 1; q < radix; q++) turn(a + q, w + 2 * (q - 1));
        for (int q = 0; q < radix; q++) store(at + q * stride, inverse, a + q);
    }
}

CK_INLINE void level_body(float *rows, ptrdiff_t total, ptrdiff_t n, const float *twiddles, int inverse) {
    for (ptrdiff_t base = 0; base < total; base += n) {
        float *at = rows + base * 2 * CK_LANES;
        if (n >= 8) pass(at, n, 8, twiddles, inverse);
        else if (n == 4) pass(at, n, 4, twiddles, inverse);
        else if (n == 2) pass(at, n, 2, twiddles, inverse);
    }
}

/// Floats of a level's table.
CK_INLINE ptrdiff_t table_floats(ptrdiff_t n) { return n >= 8 ? n / 8 * 14 : 2 * (n - 1); }

/// Blocks of so many complex rows stay in the nearest cache through all their levels: 32 KiB.
enum { CLOSE_COUNT = 256 };

CK_INLINE void forward_body(const ck_lane_plan *plan, float *work) {
    ptrdiff_t n = plan->count;
    const float *table = plan->twiddles;
    for (; n > CLOSE_COUNT; n /= 8) {
        level_body(work, plan->count, n, table, 0);
        table += table_floats(n);
    }
    for (ptrdiff_t base = 0; base < plan->count; base += n) {
        const float *inner = table;
        for (ptrdiff_t m = n; m > 1; inner += table_floats(m), m = m >= 8 ? m / 8 : 1)
            level_body(work + base * 2 * CK_LANES, n, m, inner, 0);
    }
}

CK_INLINE void inverse_body(const ck_lane_plan *plan, float *work) {
    ptrdiff_t sizes[24];
    const float *tables[24];
    int depth = 0, far = 0;
    const float *table = plan->twiddles;
    for (ptrdiff_t n = plan->count; n > 1; n = n >= 8 ? n / 8 : 1, depth++) {
        sizes[depth] = n, tables[depth] = table;
        table += table_floats(n);
        if (n > CLOSE_COUNT) far = depth + 1;
    }
    for (ptrdiff_t base = 0; far < depth && base < plan->count; base += sizes[far])
        for (int i = depth - 1; i >= far; i--)
            level_body(work + base * 2 * CK_LANES, sizes[far], sizes[i], tables[i], 1);
    for (int i = far - 1; i >= 0; i--) level_body(work, plan->count, sizes[i], tables[i], 1);
}

CK_INLINE void window_lanes_body(const float *window, const float *in, float *out, ptrdiff_t rows, int adds) {
    const lanes *from = (const lanes *)in;
    lanes *to = (lanes *)out;
    if (adds)
        for (ptrdiff_t i = 0; i < rows; i++) to[i] += from[i] * window[i];
    else
        for (ptrdiff_t i = 0; i < rows; i++) to[i] = from[i] * window[i];
}

/// Every lane takes the value of the lane before it, lane 0 takes `first`.
CK_INLINE void move_on(lanes *a, float first) {
    *a = __builtin_shufflevector(SPLAT(first), *a, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30);
}

CK_INLINE int any(const lane_mask *mask) {
    int32_t all = 0;
    for (int i = 0; i < CK_LANES; i++) all |= (*mask)[i];
    return all != 0;
}

/// magnitude * d / |d| for d of any size, 0 where d is 0; squares are taken after scaling by 2^60 up or down.
CK_INLINE void project_carefully(pair *d, const lanes *magnitude) {
    lanes re = d->re, im = d->im;
    lanes positiveRe = __builtin_elementwise_abs(re), positiveIm = __builtin_elementwise_abs(im);
    lanes largest = positiveRe > positiveIm ? positiveRe : positiveIm;
    lanes scaling = largest < 0x1p-50f ? SPLAT(0x1p60f) : largest >= 0x1p49f ? SPLAT(0x1p-60f) : SPLAT(1.0f);
    re *= scaling, im *= scaling;
    lanes length = __builtin_elementwise_sqrt(re * re + im * im) + 0x1p-126f;
    d->re = *magnitude * (re / length);
    d->im = *magnitude * (im / length);
}

/// One bin: takes the rebuilt value, gives the next spectrum's of the lane behind.
CK_INLINE void project_bin(ptrdiff_t k, pair *value, float *rebuilt, float *magnitudes, const ck_lane_flow *flow) {
    pair *slot = (pair *)rebuilt + k;
    lanes *magnitudeSlot = (lanes *)magnitudes + k;
    pair past = *slot;
    lanes magnitude = *magnitudeSlot;
    flow->pastOut[2 * k] = past.re[flow->tap];
    flow->pastOut[2 * k + 1] = past.im[flow->tap];
    flow->magnitudesOut[k] = magnitude[flow->tap];
    move_on(&past.re, flow->pastIn[2 * k]);
    move_on(&past.im, flow->pastIn[2 * k + 1]);
    move_on(&magnitude, flow->magnitudesIn[k]);
    *slot = *value;
    *magnitudeSlot = magnitude;
    lanes weight = *(const lanes *)flow->weights;
    pair d = {value->re - weight * past.re, value->im - weight * past.im};
    lanes energy = d.re * d.re + d.im * d.im;
    // Written so that NaN counts as extreme.
    lane_mask extreme = ~((energy > 0x1p-100f) & (energy < 0x1p100f));
    if (__builtin_expect(any(&extreme), 0)) {
        project_carefully(&d, &magnitude);
    } else {
        lanes scale = magnitude / __builtin_elementwise_sqrt(energy);
        d.re *= scale, d.im *= scale;
    }
    flow->spectrumOut[2 * k] = d.re[flow->tap];
    flow->spectrumOut[2 * k + 1] = d.im[flow->tap];
    move_on(&d.re, flow->spectrumIn[2 * k]);
    move_on(&d.im, flow->spectrumIn[2 * k + 1]);
    *value = d;
}

CK_INLINE void project_lanes_body(const ck_lane_plan *plan, float *work, float *rebuilt, float *magnitudes,
                                  const ck_lane_flow *flow) {
    const ptrdiff_t count = plan->count;
    pair *z = (pair *)work;
    // Bins 0 and N / 2 are real.
    pair *first = z + plan->rows[0];
    pair low = {first->re + first->im, SPLAT(0)}, high = {first->re - first->im, SPLAT(0)};
    project_bin(0, &low, rebuilt, magnitudes, flow);
    project_bin(count, &high, rebuilt, magnitudes, flow);
    *first = (pair){low.re + high.re, low.re - high.re};
    for (ptrdiff_t k = 1; k < count - k; k++) {
        pair *a = z + plan->rows[k], *b = z + plan->rows[count - k];
        const float *w = plan->turns + 2 * k;
        pair even = {(a->re + b->re) * 0.5f, (a->im - b->im) * 0.5f};
        pair odd = {(a->im + b->im) * 0.5f, (b->re - a->re) * 0.5f};
        turn(&odd, w);
        pair x = ADD(even, odd), y = {even.re - odd.re, odd.im - even.im};
        project_bin(k, &x, rebuilt, magnitudes, flow);
        project_bin(count - k, &y, rebuilt, magnitudes, flow);
        even = (pair){x.re + y.re, x.im - y.im};
        odd = (pair){x.re - y.re, x.im + y.im};
        const float back[2] = {w[0], -w[1]};
        turn(&odd, back);
        *a = PLUS_I(even, odd);
        *b = (pair){even.re + odd.im, odd.re - even.im};
    }
    if (count >= 2) {
        pair *middle = z + plan->rows[count / 2];
        pair x = {middle->re, -middle->im};
        project_bin(count / 2, &x, rebuilt, magnitudes, flow);
        *middle = (pair){x.re * 2, x.im * -2};
    }
}

#define CK_LANE_KERNELS(suffix, target)                                                                              \
    target static void forward_##suffix(const ck_lane_plan *plan, float *work) { forward_body(plan, work); }         \
    target static void inverse_##suffix(const ck_lane_plan *plan, float *work) { inverse_body(plan, work); }         \
    target static void window_##suffix(const float *w, const float *in, float *out, ptrdiff_t rows, int adds) {      \
        window_lanes_body(w, in, out, rows, adds);                                                                   \
    }                                                                                                                \
    target static void project_##suffix(const ck_lane_plan *plan, float *work, float *rebuilt, float *magnitudes,    \
                                        const ck_lane_flow *flow) {                                                  \
        project_lanes_body(plan, work, rebuilt, magnitudes, flow);                                                   \
    }

CK_LANE_KERNELS(plain, )
#ifdef CK_X86
CK_LANE_KERNELS(avx2, CK_TARGET_AVX2)
CK_LANE_KERNELS(avx512, CK_TARGET_AVX512)
#define CHOOSE(level, name, ...)                                   \
    ((level) == CK_AVX512 ? name##_avx512(__VA_ARGS__)             \
                          : (level) == CK_AVX2 ? name##_avx2(__VA_ARGS__) : name##_plain(__VA_ARGS__))
#else
#define CHOOSE(level, name, ...) ((void)(level), name##_plain(__VA_ARGS__))
#endif

void ck_lanes_forward(ck_level level, const ck_lane_plan *plan, float *work) { CHOOSE(level, forward, plan, work); }

void ck_lanes_inverse(ck_level level, const ck_lane_plan *plan, float *work) { CHOOSE(level, inverse, plan, work); }

void ck_lanes_window(ck_level level, const float *window, const float *in, float *out, ptrdiff_t rows, int adds) {
    CHOOSE(level, window, window, in, out, rows, adds);
}

void ck_lanes_project(ck_level level, const ck_lane_plan *plan, float *work, float *rebuilt, float *magnitudes,
                      const ck_lane_flow *flow) {
    CHOOSE(level, project, plan, work, rebuilt, magnitudes, flow);
}
