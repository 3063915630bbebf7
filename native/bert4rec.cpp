// Trains CourseRec's sequential model through libtorch, behind a narrow C interface (at the end of this file).
//
//   BERT4Rec   Sun et al. 2019, "BERT4Rec: Sequential Recommendation with Bidirectional Encoder Representations"
//   SASRec     Kang & McAuley 2018; with cross-entropy as in Klenitskiy & Vasilev 2023, "Turning Dross Into Gold Loss"
//   LiGR       Borisyuk et al. 2025 and eSASRec (Tikhonovich et al. 2025): gated residuals with SwiGLU
//   sampling   Jean et al. 2015 / Bengio & Senecal 2008: shared negatives with log((N-1)/K) correction
//   gBCE       Petrov & Macdonald 2023, "gSASRec": binary cross-entropy over them, calibrated for their number
//
// One model: objective next-item (causal) or cloze (bidirectional), layers gated (pre-norm) or plain (post-norm).
//   d width, h heads, f feed-forward width, L most tokens, V courses; row 0 is padding, 1..V courses, V+1 the mask.
//   N tokens of a batch, without padding; M of them are targets; R embedding rows that the batch touches.
//
// What makes it fast, beside a straightforward torch module:
//   - Tokens are packed: padding costs nothing. Only attention knows where a sequence begins and ends.
//   - The last layer needs keys and values everywhere, but queries, feed-forward and logits only at the M targets.
//   - Forward and backward are written out by hand: no autograd, no allocation, element-wise work in one pass.
//   - The loss and its gradient are computed together, in chunks of rows that stay in the cache.
//   - With sampled negatives only the R touched rows have gradients, and only they are updated (lazy Adam).
//   - Two gradient threads, each with half of the sequences, beat two threads inside each product.
// All that is for the CPU; with `fused` off, or on CUDA, torch's own operations and autograd do the same, which is how
// the tests check both.
//
// Randomness is a function of (seed, step): it needs no state, and a resumed training continues bit for bit.
// glibc returns large blocks to the system on each free by default; the allocator is told to keep them, which halves
// small steps. The environment's MALLOC_MMAP_THRESHOLD_ and MALLOC_TRIM_THRESHOLD_ take precedence when they are set.

#include <torch/torch.h>
#include <torch/version.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <numeric>
#include <random>
#include <string>
#include <thread>
#include <vector>

#ifdef __GLIBC__
#include <malloc.h>
#endif

#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)
#define KERNEL __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define KERNEL
#endif

// The BLAS that libtorch itself uses; where it exports none (some builds for CUDA), attention falls back to torch.
extern "C" __attribute__((weak)) void sgemm_(const char*, const char*, const int*, const int*, const int*,
                                             const float*, const float*, const int*, const float*, const int*,
                                             const float*, float*, const int*);

// -------------------------------------------------------------------------------------------- the C interface's types
extern "C" {

struct CourserecConfig {
    int32_t objective;     // 0 next-item, 1 cloze
    int32_t block;         // 0 gated, 1 plain
    int32_t dimension, layers, heads, feed_forward, max_length;
    int32_t anchor;        // 0: the last token has position L-1; 1: the first has position 0
    int32_t courses;       // V
    int32_t threads;       // gradient threads
    int32_t row_optimiser; // 0 lazy Adam on rows; 1 row-wise RMS without momentum
    int32_t fused;         // 1: the kernels of this file where the device is a CPU
    int32_t spare_later;   // 1: what comes later in a sequence is not among the wrong answers of its targets
    float dropout, beta1, beta2, epsilon;
    float weight_decay;    // decoupled, on the dense part's matrices alone
    float clip_norm;       // of the whole gradient; 0: none
    float ema_decay;       // of the averaged parameters; 0: none are kept
    float init_std;        // of the linear weights; embeddings always begin with 0.02
    uint64_t seed;
};

struct CourserecStep {
    float learning_rate, row_learning_rate;
    int32_t negatives; // shared by the batch; 0: full softmax
    int32_t train;     // 1: dropout; 0: none (only for courserec_gradient)
    float gbce;        // with negatives: t of gBCE, 0 (plain BCE) to 1; below 0: the sampled softmax
};

struct CourserecResult {
    double loss;          // mean cross-entropy of a target (gBCE: of a target and its negatives), nats
    double gradient_norm; // before clipping
    int64_t step;         // optimiser steps made so far
    int64_t targets, tokens, rows;
};
}

namespace {

using torch::Tensor;

constexpr float kNormEpsilon = 1e-5f, kEmbeddingStd = 0.02f;
constexpr size_t kFetchAhead = 6; // rows

thread_local std::string last_error;

// ------------------------------------------------------------------------------------------------ kernels (CPU)
// Written out because torch's equivalents cost several passes over memory or a slow random generator.

inline uint64_t mix64(uint64_t x) { // splitmix64
    x += 0x9E3779B97F4A7C15ull;
    x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9ull;
    x = (x ^ (x >> 27)) * 0x94D049BB133111EBull;
    return x ^ (x >> 31);
}

inline __attribute__((always_inline)) uint32_t hash32(uint32_t x) { // lowbias32
    x ^= x >> 16;
    x *= 0x7feb352du;
    x ^= x >> 15;
    x *= 0x846ca68bu;
    return x ^ (x >> 16);
}

// One independent stream of keep / drop decisions a step and place in the model.
struct DropKey {
    uint32_t a, b, threshold;
    float scale; // 1 / (1 - p); dropped values become 0
    DropKey() : DropKey(0, 0, 0, 0.f) {}
    DropKey(uint64_t seed, int64_t step, int64_t site, float p) {
        uint64_t k = mix64(mix64(seed ^ mix64(uint64_t(step))) ^ uint64_t(site));
        a = uint32_t(k);
        b = uint32_t(k >> 32) | 1u;
        threshold = uint32_t(std::min(4294967295.0, double(p) * 4294967296.0));
        scale = p > 0 ? 1.f / (1.f - p) : 1.f;
    }
    inline __attribute__((always_inline)) float operator()(uint32_t i) const {
        return hash32(i * b + a) >= threshold ? scale : 0.f;
    }
};

// exp to 2 ulp for x <= 0, and 0 below -86: a denormal is slow. Vectorised by the compiler (Cephes' polynomial).
inline __attribute__((always_inline)) float exp_fast(float x) {
    bool none = x < -86.f;
    x = std::max(x, -87.f);
    float n = std::nearbyint(x * 1.44269504f);
    float r = x - n * 0.693359375f + n * 2.12194440e-4f;
    float p = 1.9875691500e-4f;
    p = p * r + 1.3981999507e-3f;
    p = p * r + 8.3334519073e-3f;
    p = p * r + 4.1665795894e-2f;
    p = p * r + 1.6666665459e-1f;
    p = p * r + 5.0000001201e-1f;
    p = p * r * r + r + 1.f;
    int32_t bits = (int32_t(n) + 127) << 23;
    float two_n;
    std::memcpy(&two_n, &bits, 4);
    return none ? 0.f : p * two_n;
}

KERNEL void apply_dropout(const float* x, float* out, int64_t n, DropKey key) {
#pragma omp simd
    for (int64_t i = 0; i < n; i++) out[i] = x[i] * key(uint32_t(i));
}

inline __attribute__((always_inline)) float sigmoid(float x) {
    float e = exp_fast(-std::fabs(x)), s = 1.f / (1.f + e);
    return x >= 0 ? s : e * s;
}

// out = x + sigmoid(gate) ⊙ dropout(branch); gate and branch become their sigmoid and what dropout left.
KERNEL void add_gated(const float* x, float* gate, float* branch, float* out, int64_t n, DropKey key) {
#pragma omp simd
    for (int64_t i = 0; i < n; i++) {
        gate[i] = sigmoid(gate[i]);
        branch[i] *= key(uint32_t(i));
        out[i] = x[i] + gate[i] * branch[i];
    }
}

// g: gradient of add_gated's out; gate and branch as it left them become the gradients of what it was given.
KERNEL void add_gated_backward(const float* g, float* gate, float* branch, int64_t n, DropKey key) {
#pragma omp simd
    for (int64_t i = 0; i < n; i++) {
        float s = gate[i];
        gate[i] = g[i] * branch[i] * s * (1.f - s);
        branch[i] = g[i] * s * key(uint32_t(i));
    }
}

// branch := x + dropout(branch)
KERNEL void add_dropped(const float* x, float* branch, int64_t n, DropKey key) {
#pragma omp simd
    for (int64_t i = 0; i < n; i++) branch[i] = x[i] + branch[i] * key(uint32_t(i));
}

// u [m,2f] -> out [m,f]: silu(u[..f]) ⊙ u[f..]
KERNEL void swiglu(const float* u, float* out, int64_t m, int64_t f) {
    for (int64_t i = 0; i < m; i++, u += 2 * f, out += f)
#pragma omp simd
        for (int64_t j = 0; j < f; j++) out[j] = u[j] * sigmoid(u[j]) * u[f + j];
}

// g [m,f]: gradient of swiglu's out; u becomes its own gradient.
KERNEL void swiglu_backward(float* u, const float* g, int64_t m, int64_t f) {
    for (int64_t i = 0; i < m; i++, u += 2 * f, g += f)
#pragma omp simd
        for (int64_t j = 0; j < f; j++) {
            float s = sigmoid(u[j]), silu = u[j] * s;
            u[j] = g[j] * u[f + j] * (s + silu * (1.f - s));
            u[f + j] = g[j] * silu;
        }
}

// The normal distribution's function to 1.5e-7 (Abramowitz & Stegun 7.1.26), given exp(-x²/2).
inline __attribute__((always_inline)) float normal_cdf(float x, float exp_half_square) {
    float t = 1.f / (1.f + 0.3275911f * 0.70710678f * std::fabs(x));
    float p = ((((1.061405429f * t - 1.453152027f) * t + 1.421413741f) * t - 0.284496736f) * t + 0.254829592f) * t;
    float tail = 0.5f * p * exp_half_square;
    return x >= 0 ? 1.f - tail : tail;
}

KERNEL void gelu(const float* x, float* out, int64_t n) {
#pragma omp simd
    for (int64_t i = 0; i < n; i++) out[i] = x[i] * normal_cdf(x[i], exp_fast(-0.5f * x[i] * x[i]));
}

// g: gradient of gelu's out; becomes that of x.
KERNEL void gelu_backward(const float* x, float* g, int64_t n) {
#pragma omp simd
    for (int64_t i = 0; i < n; i++) {
        float e = exp_fast(-0.5f * x[i] * x[i]);
        g[i] *= normal_cdf(x[i], e) + 0.39894228f * x[i] * e;
    }
}

// y = norm(x) ⊙ w + b; stats [m,2]: mean and 1 / deviation of each row.
KERNEL void layer_norm(const float* x, float* y, float* stats, int64_t m, int64_t d, const float* w, const float* b) {
    for (int64_t i = 0; i < m; i++, x += d, y += d, stats += 2) {
        float sum = 0, squares = 0;
#pragma omp simd reduction(+ : sum)
        for (int64_t j = 0; j < d; j++) sum += x[j];
        float mean = sum / float(d);
#pragma omp simd reduction(+ : squares)
        for (int64_t j = 0; j < d; j++) squares += (x[j] - mean) * (x[j] - mean);
        float scale = 1.f / std::sqrt(squares / float(d) + kNormEpsilon);
        stats[0] = mean, stats[1] = scale;
#pragma omp simd
        for (int64_t j = 0; j < d; j++) y[j] = (x[j] - mean) * scale * w[j] + b[j];
    }
}

// g: gradient of layer_norm's y; adds those of w and b, and to dx that of x.
KERNEL void layer_norm_backward(const float* x, const float* stats, const float* g, float* dx, int64_t m, int64_t d,
                                const float* w, float* dw, float* db) {
    for (int64_t i = 0; i < m; i++, x += d, g += d, dx += d, stats += 2) {
        float mean = stats[0], scale = stats[1], sum = 0, dot = 0;
#pragma omp simd reduction(+ : sum, dot)
        for (int64_t j = 0; j < d; j++) {
            float normal = (x[j] - mean) * scale;
            dw[j] += g[j] * normal;
            db[j] += g[j];
            sum += g[j] * w[j];
            dot += g[j] * w[j] * normal;
        }
        sum /= float(d), dot /= float(d);
#pragma omp simd
        for (int64_t j = 0; j < d; j++) dx[j] += scale * (g[j] * w[j] - sum - (x[j] - mean) * scale * dot);
    }
}

KERNEL void add_to(float* to, const float* from, int64_t n) {
#pragma omp simd
    for (int64_t j = 0; j < n; j++) to[j] += from[j];
}

// g [m,n] -> out [n]
KERNEL void column_sums(const float* g, int64_t m, int64_t n, float* out) {
    std::fill_n(out, n, 0.f);
    for (int64_t i = 0; i < m; i++, g += n)
#pragma omp simd
        for (int64_t j = 0; j < n; j++) out[j] += g[j];
}

inline __attribute__((always_inline)) float max_of(const float* x, int64_t n) {
    float m = -INFINITY;
#pragma omp simd reduction(max : m)
    for (int64_t j = 0; j < n; j++) m = x[j] > m ? x[j] : m;
    return m;
}

// In place: exp(x - max); returns their sum.
inline __attribute__((always_inline)) float exp_sum(float* x, int64_t n, float max) {
    float sum = 0;
#pragma omp simd reduction(+ : sum)
    for (int64_t j = 0; j < n; j++) {
        x[j] = exp_fast(x[j] - max);
        sum += x[j];
    }
    return sum;
}

inline __attribute__((always_inline)) void scale_by(float* x, int64_t n, float s) {
#pragma omp simd
    for (int64_t j = 0; j < n; j++) x[j] *= s;
}

// Attention weights p [m,n] from scores, and a = dropout(p). Query i sees the first visible[i] keys.
KERNEL void attention_softmax(float* p, float* a, int64_t m, int64_t n, const int32_t* visible, DropKey key,
                              uint32_t base) {
    for (int64_t i = 0; i < m; i++, p += n, a += n, base += uint32_t(n)) {
        int64_t seen = visible[i];
        scale_by(p, seen, 1.f / exp_sum(p, seen, max_of(p, seen)));
        std::fill(p + seen, p + n, 0.f);
        if (key.threshold)
#pragma omp simd
            for (int64_t j = 0; j < n; j++) a[j] = p[j] * key(base + uint32_t(j));
        else
            std::memcpy(a, p, size_t(n) * 4);
    }
}

// g [m,n]: gradient of the dropped weights; becomes the gradient of the scores. a: the dropped weights, made again.
KERNEL void attention_softmax_backward(const float* p, float* a, float* g, int64_t m, int64_t n, DropKey key,
                                       uint32_t base) {
    for (int64_t i = 0; i < m; i++, p += n, a += n, g += n, base += uint32_t(n)) {
        float dot = 0;
#pragma omp simd reduction(+ : dot)
        for (int64_t j = 0; j < n; j++) {
            float keep = key.threshold ? key(base + uint32_t(j)) : 1.f;
            a[j] = p[j] * keep;
            g[j] *= keep;
            dot += g[j] * p[j];
        }
#pragma omp simd
        for (int64_t j = 0; j < n; j++) g[j] = p[j] * (g[j] - dot);
    }
}

// Full softmax over s [m,n]: returns the summed loss; s becomes (p - onehot(target)) * scale.
KERNEL double full_softmax_loss(float* s, int64_t m, int64_t n, const int64_t* target, float scale) {
    double loss = 0;
    for (int64_t i = 0; i < m; i++, s += n) {
        float max = max_of(s, n), hit = s[target[i]], sum = exp_sum(s, n, max);
        loss += std::log(double(sum)) + max - hit;
        scale_by(s, n, scale / sum);
        s[target[i]] -= scale;
    }
    return loss;
}

// Softmax over the positive and the corrected negatives s [m,n]: s and positive become their gradients.
KERNEL double sampled_softmax_loss(float* s, float* positive, int64_t m, int64_t n, const int32_t* hit, int64_t others,
                                   float scale) {
    double loss = 0;
    for (int64_t i = 0; i < m; i++, s += n) {
        int64_t usable = n - (hit[i] >= 0);
        float correction = usable ? std::log(float(others) / float(usable)) : 0.f, target = positive[i];
        if (hit[i] >= 0) s[hit[i]] = -INFINITY;
        float max = std::max(target, usable ? max_of(s, n) + correction : -INFINITY);
        float own = std::exp(target - max), sum = own + exp_sum(s, n, max - correction);
        if (hit[i] >= 0) {
            sum -= s[hit[i]];
            s[hit[i]] = 0;
        }
        loss += std::log(double(sum)) + max - target;
        scale_by(s, n, scale / sum);
        positive[i] = (own / sum - 1.f) * scale;
    }
    return loss;
}

// gBCE: -log σ(positive)^β - Σ log(1 - σ(s)), a mean over the positive and its n negatives; β makes the positive's
// probability that of the softmax. s and positive become their gradients.
KERNEL double gbce_loss(float* s, float* positive, int64_t m, int64_t n, const int32_t* hit, int64_t others, float t,
                        float scale) {
    constexpr int64_t kBlock = 64; // the product of so many factors up to 2 is still a float
    double loss = 0;
    for (int64_t i = 0; i < m; i++, s += n) {
        if (hit[i] >= 0) s[hit[i]] = -INFINITY;
        int64_t usable = n - (hit[i] >= 0);
        float share = 1.f / float(1 + usable), part = scale * share;
        float beta = 1.f - t * (1.f - float(usable) / float(others));
        double row = 0;
        for (int64_t from = 0; from < n; from += kBlock) {
            int64_t end = std::min(n, from + kBlock);
            float product = 1, linear = 0;
#pragma omp simd reduction(* : product) reduction(+ : linear)
            for (int64_t j = from; j < end; j++) {
                float e = exp_fast(-std::abs(s[j])), over = 1.f / (1.f + e);
                product *= 1.f + e;
                linear += std::max(s[j], 0.f);
                s[j] = part * (s[j] > 0 ? over : e * over);
            }
            row += linear + std::log(double(product));
        }
        double x = positive[i];
        row += beta * (std::max(-x, 0.) + std::log1p(std::exp(-std::abs(x))));
        loss += row * share;
        positive[i] = float(-beta * part / (1. + std::exp(x)));
    }
    return loss;
}

struct AdamRates {
    float lr, beta1, beta2, epsilon, decay, correct1, correct2; // decay: lr * weight decay; correct: 1 - beta^t
};

KERNEL void adam(float* p, const float* g, float* m, float* v, int64_t n, AdamRates r, float clip) {
    float rate = r.lr / r.correct1, root = 1.f / std::sqrt(r.correct2);
#pragma omp simd
    for (int64_t i = 0; i < n; i++) {
        float gi = g[i] * clip;
        m[i] = r.beta1 * m[i] + (1 - r.beta1) * gi;
        v[i] = r.beta2 * v[i] + (1 - r.beta2) * gi * gi;
        p[i] = p[i] * (1 - r.decay) - rate * m[i] / (std::sqrt(v[i]) * root + r.epsilon);
    }
}

KERNEL double square_sum(const float* g, int64_t n) {
    double total = 0;
    for (int64_t i = 0; i < n; i += 4096) {
        float part = 0;
        int64_t end = std::min(n, i + 4096);
#pragma omp simd reduction(+ : part)
        for (int64_t j = i; j < end; j++) part += g[j] * g[j];
        total += part;
    }
    return total;
}

// One scale for the whole row, from the mean square of its gradients.
KERNEL void rms(float* p, const float* g, float* v, int64_t n, AdamRates r, float clip) {
    float squares = 0;
#pragma omp simd reduction(+ : squares)
    for (int64_t j = 0; j < n; j++) squares += g[j] * g[j];
    *v = r.beta2 * *v + (1 - r.beta2) * squares / float(n) * clip * clip;
    float rate = r.lr * clip / (std::sqrt(*v / r.correct2) + r.epsilon);
#pragma omp simd
    for (int64_t j = 0; j < n; j++) p[j] -= rate * g[j];
}

// average := value + keep (average - value)
KERNEL void towards(float* average, const float* value, int64_t n, float keep) {
#pragma omp simd
    for (int64_t i = 0; i < n; i++) average[i] = value[i] + keep * (average[i] - value[i]);
}

// ------------------------------------------------------------------------------------------------ a batch
// Sequences without padding. W is the table of embedding rows in use: all of `item`, or the compact touched rows.
struct Batch {
    std::vector<int64_t> slots;     // [N] row of W of each token
    std::vector<int64_t> positions; // [N]
    std::vector<int64_t> starts;    // [B+1] first token of each sequence
    std::vector<int64_t> queries;   // [M] target tokens, ascending
    std::vector<int64_t> first;     // [B+1] first query of each sequence
    std::vector<int64_t> labels;    // [M] course of each target, 1..V
    std::vector<int64_t> answers;   // [M] row of W of each target
    std::vector<int32_t> hits;      // [M] which negative the target is, or -1
    bool all() const { return queries.size() == slots.size(); }
    int64_t tokens() const { return int64_t(slots.size()); }
    int64_t targets() const { return int64_t(queries.size()); }
};

// The vector must outlive the tensor: on a CPU they share memory.
Tensor indices(const std::vector<int64_t>& v, torch::Device device) {
    return torch::from_blob(const_cast<int64_t*>(v.data()), {int64_t(v.size())}, torch::kInt64).to(device);
}

// Rows of x; its gradient is a tight loop (that of index_select is not).
Tensor rows_of(const Tensor& x, const Tensor& index) { return torch::embedding(x, index); }

// ------------------------------------------------------------------------------------------------ attention
struct Floats { // grows, never shrinks
    std::vector<float> memory;
    float* of(int64_t n) {
        if (int64_t(memory.size()) < n) memory.resize(size_t(n));
        return memory.data();
    }
};

void gemm(char ta, char tb, int64_t m, int64_t n, int64_t k, float alpha, const float* a, int64_t lda, const float* b,
          int64_t ldb, float* c, int64_t ldc, float beta = 0) {
    int mi = int(m), ni = int(n), ki = int(k), ai = int(lda), bi = int(ldb), ci = int(ldc);
    sgemm_(&ta, &tb, &mi, &ni, &ki, &alpha, a, &ai, b, &bi, &beta, c, &ci);
}

struct AttentionShape {
    const Batch* batch = nullptr;
    bool all = true; // a query a token; else one a target
    bool causal = false;
    int64_t heads = 1;
    DropKey key;

    const std::vector<int64_t>& query_starts() const { return all ? batch->starts : batch->first; }

    // How many keys each query of sequence b sees.
    void visible(size_t b, std::vector<int32_t>& out) const {
        int64_t n = batch->starts[b + 1] - batch->starts[b], q0 = query_starts()[b], m = query_starts()[b + 1] - q0;
        out.resize(size_t(m));
        for (int64_t i = 0; i < m; i++) {
            int64_t at = all ? i : batch->queries[size_t(q0 + i)] - batch->starts[b];
            out[size_t(i)] = int32_t(causal ? at + 1 : n);
        }
    }

    // How many attention weights there are.
    int64_t weights() const {
        int64_t count = 0;
        each([&](size_t, int64_t, int64_t, int64_t m, int64_t, int64_t n, int64_t) { count += m * n; });
        return count;
    }

    // body(sequence, head, first query, queries, first key, keys, first weight)
    template <typename Body>
    void each(Body body) const {
        const auto &s = batch->starts, &f = query_starts();
        int64_t at = 0;
        for (size_t b = 0; b + 1 < s.size(); b++) {
            int64_t n = s[b + 1] - s[b], m = f[b + 1] - f[b];
            if (m == 0) continue;
            for (int64_t head = 0; head < heads; head++, at += m * n) body(b, head, f[b], m, s[b], n, at);
        }
    }
};

// Where queries [M,·], keys and values [N,·] of packed sequences stand; values follow d after keys.
struct AttentionView {
    float* q;
    int64_t q_stride;
    float* kv;
    int64_t kv_stride, d;
};

// softmax(q kᵀ / sqrt(d/h)) v for packed sequences, all of one sequence's head in the cache: out [M,d], and the
// weights that the backward pass needs. Column-major BLAS sees row-major matrices transposed.
void attention_forward(const AttentionShape& shape, const AttentionView& in, float* weights, float* out,
                       Floats& dropped) {
    int64_t d = in.d, width = d / shape.heads, qs = in.q_stride, kvs = in.kv_stride;
    std::vector<int32_t> visible;
    shape.each([&](size_t b, int64_t head, int64_t q0, int64_t m, int64_t k0, int64_t n, int64_t at) {
        if (head == 0) shape.visible(b, visible);
        const float *q = in.q + q0 * qs + head * width, *k = in.kv + k0 * kvs + head * width;
        float *p = weights + at, *a = dropped.of(m * n);
        gemm('T', 'N', n, m, width, 1.f / std::sqrt(float(width)), k, kvs, q, qs, p, n);
        attention_softmax(p, a, m, n, visible.data(), shape.key, uint32_t(at));
        gemm('N', 'N', width, m, n, 1.f, k + d, kvs, a, n, out + q0 * d + head * width, d);
    });
}

// g [M,d]: gradient of out; sets those of the sequences that have queries.
void attention_backward(const AttentionShape& shape, const AttentionView& in, const float* weights, const float* g,
                        const AttentionView& gradient, Floats& dropped, Floats& scores) {
    int64_t d = in.d, width = d / shape.heads, qs = in.q_stride, kvs = in.kv_stride;
    float scale = 1.f / std::sqrt(float(width));
    shape.each([&](size_t, int64_t head, int64_t q0, int64_t m, int64_t k0, int64_t n, int64_t at) {
        const float *gh = g + q0 * d + head * width, *q = in.q + q0 * qs + head * width,
                    *k = in.kv + k0 * kvs + head * width;
        float *dq = gradient.q + q0 * qs + head * width, *dk = gradient.kv + k0 * kvs + head * width;
        float *a = dropped.of(m * n), *ds = scores.of(m * n);
        gemm('T', 'N', n, m, width, 1.f, k + d, kvs, gh, d, ds, n);
        attention_softmax_backward(weights + at, a, ds, m, n, shape.key, uint32_t(at));
        gemm('N', 'T', width, n, m, 1.f, gh, d, a, n, dk + d, kvs);
        gemm('N', 'N', width, m, n, scale, k, kvs, ds, n, dq, qs);
        gemm('N', 'T', width, n, m, scale, q, qs, ds, n, dk, kvs);
    });
}

// The same in torch's own operations, padded: q and kv at every token [B·T], an additive mask.
Tensor padded_attention(const Tensor& q, const Tensor& kv, const AttentionShape& shape, float dropout) {
    const Batch& batch = *shape.batch;
    int64_t sequences = int64_t(batch.starts.size()) - 1, longest = 0, d = q.size(1), h = shape.heads;
    for (int64_t b = 0; b < sequences; b++)
        longest = std::max(longest, batch.starts[size_t(b) + 1] - batch.starts[size_t(b)]);
    std::vector<int64_t> place(batch.slots.size()), query_place;
    auto mask = torch::zeros({sequences, 1, 1, longest});
    for (int64_t b = 0; b < sequences; b++) {
        int64_t begin = batch.starts[size_t(b)], n = batch.starts[size_t(b) + 1] - begin;
        for (int64_t t = 0; t < n; t++) place[size_t(begin + t)] = b * longest + t;
        std::fill_n(mask.data_ptr<float>() + b * longest + n, longest - n, -1e9f);
    }
    mask = mask.to(q.device());
    if (shape.causal) mask = mask + torch::full({longest, longest}, -1e9f, q.options()).triu(1);
    if (shape.all)
        query_place = place;
    else
        for (auto token : batch.queries) query_place.push_back(place[size_t(token)]);
    auto at = indices(query_place, q.device()).clone(), every = indices(place, q.device()).clone();
    auto heads = [&](const Tensor& x) { return x.view({sequences, longest, h, d / h}).transpose(1, 2); };
    auto qp = heads(torch::zeros({sequences * longest, d}, q.options()).index_copy(0, at, q));
    auto kvp = torch::zeros({sequences * longest, 2 * d}, q.options()).index_copy(0, every, kv);
    auto keys = heads(kvp.narrow(1, 0, d).contiguous());
    auto scores = torch::matmul(qp, keys.transpose(-2, -1)) / std::sqrt(double(d / h));
    auto p = torch::softmax(scores + mask, -1);
    if (dropout > 0) p = torch::dropout(p, dropout, true);
    auto o = torch::matmul(p, heads(kvp.narrow(1, d, d).contiguous())).transpose(1, 2).reshape({-1, d});
    return rows_of(o, at);
}

// ----------------------------------------------------------------------------------------------- layers by hand (CPU)
// Forward and backward of the whole model over one worker's share, without autograd: every tensor is a plain array
// that is kept from step to step, every gradient is written where it belongs, element-wise work is one pass over
// memory.

struct Linear {
    int64_t out, in;
    const float *w, *b;
    float *dw, *db;

    // x [n,in] -> y [n,out]
    void forward(const float* x, int64_t n, float* y) const { part(0, out, x, n, y); }

    // Only the outputs [from, from + count).
    void part(int64_t from, int64_t count, const float* x, int64_t n, float* y) const {
        for (int64_t i = 0; i < n; i++) std::memcpy(y + i * count, b + from, size_t(count) * 4);
        gemm('T', 'N', count, n, in, 1.f, w + from * in, in, x, in, y, count, 1.f);
    }

    // g [n,out] -> dx [n,in], added to it or not; the parameters' gradients are set.
    void backward(const float* x, const float* g, int64_t n, float* dx, bool add) const {
        part_backward(0, out, x, g, n, dx, add);
    }

    void part_backward(int64_t from, int64_t count, const float* x, const float* g, int64_t n, float* dx,
                       bool add) const {
        gemm('N', 'T', in, count, n, 1.f, x, in, g, count, dw + from * in, in);
        column_sums(g, n, count, db + from);
        gemm('N', 'N', in, n, count, 1.f, w + from * in, in, g, count, dx, in, add ? 1.f : 0.f);
    }
};

struct Norm {
    int64_t d;
    const float *w, *b;
    float *dw, *db;
    Floats stats;

    void forward(const float* x, int64_t n, float* y) { layer_norm(x, y, stats.of(2 * n), n, d, w, b); }

    // Adds to dx. The parameters' gradients start from zero.
    void backward(const float* x, const float* g, int64_t n, float* dx) {
        layer_norm_backward(x, stats.of(2 * n), g, dx, n, d, w, dw, db);
    }
};

// One layer over n tokens, of which m go on: all, or in the last layer the targets.
struct HandLayer {
    Norm norm1, norm2;
    Linear qkv, proj, gate1, up, down, gate2; // plain: up and down are ff1 and ff2, there are no gates
    AttentionShape shape;
    DropKey drop1, drop2;
    int64_t n, m, d, f;
    const int64_t* queries; // null: all
    const float* input;     // [n,d]
    Floats x, normal, q, kv, weights, mixed, kept, branch1, gates1, middle, normal2, wide, inner, branch2, gates2, out;
    Floats mixed_gradient, q_gradient, kv_gradient, inner_gradient, normal_gradient, input_gradient, dropped, scores;

    void attend(const float* y) {
        if (!queries)
            qkv.forward(y, n, kv.of(n * 3 * d));
        else {
            pick(y, kept.of(m * d));
            qkv.part(0, d, kept.of(m * d), m, q.of(m * d));
            qkv.part(d, 2 * d, y, n, kv.of(n * 3 * d));
        }
        attention_forward(shape, view(q, kv), weights.of(shape.weights()), mixed.of(m * d), dropped);
        proj.forward(mixed.of(m * d), m, branch1.of(m * d));
    }

    // gradient [m,d]: of branch1; dy [n,d] becomes that of y.
    void attend_backward(const float* y, const float* gradient, float* dy) {
        float* dmixed = mixed_gradient.of(m * d);
        proj.backward(mixed.of(m * d), gradient, m, dmixed, false);
        float *dq = q_gradient.of(m * d), *dkv = kv_gradient.of(n * 3 * d);
        if (queries) std::fill_n(dkv, n * 2 * d, 0.f); // a sequence without targets has no gradient
        attention_backward(shape, view(q, kv), weights.of(shape.weights()), dmixed, view(q_gradient, kv_gradient),
                           dropped, scores);
        if (!queries) {
            qkv.backward(y, dkv, n, dy, false);
            return;
        }
        qkv.part_backward(d, 2 * d, y, dkv, n, dy, false);
        qkv.part_backward(0, d, kept.of(m * d), dq, m, dmixed, false);
        unpick(dmixed, dy);
    }

    // Queries beside keys and values, [n,3d], or apart, [m,d] and [n,2d].
    AttentionView view(Floats& own, Floats& others) const {
        float* all = others.of(n * 3 * d);
        return queries ? AttentionView{own.of(m * d), d, all, 2 * d, d} : AttentionView{all, 3 * d, all + d, 3 * d, d};
    }

    void pick(const float* from, float* to) const {
        for (int64_t i = 0; i < m; i++) std::memcpy(to + i * d, from + queries[i] * d, size_t(d) * 4);
    }

    void unpick(const float* from, float* to) const {
        for (int64_t i = 0; i < m; i++) add_to(to + queries[i] * d, from + i * d, d);
    }

    // LiGR: x + σ(gate x) ⊙ f(norm x), attention then SwiGLU
    const float* gated() {
        float* y = normal.of(n * d);
        norm1.forward(input, n, y);
        attend(y);
        const float* xq = input;
        if (queries) {
            pick(input, x.of(m * d));
            xq = x.of(m * d);
        }
        gate1.forward(xq, m, gates1.of(m * d));
        add_gated(xq, gates1.of(m * d), branch1.of(m * d), middle.of(m * d), m * d, drop1);
        norm2.forward(middle.of(m * d), m, normal2.of(m * d));
        up.forward(normal2.of(m * d), m, wide.of(m * 2 * f));
        swiglu(wide.of(m * 2 * f), inner.of(m * f), m, f);
        down.forward(inner.of(m * f), m, branch2.of(m * d));
        gate2.forward(middle.of(m * d), m, gates2.of(m * d));
        add_gated(middle.of(m * d), gates2.of(m * d), branch2.of(m * d), out.of(m * d), m * d, drop2);
        return out.of(m * d);
    }

    // gradient [m,d]: of the output, overwritten. Returns the input's [n,d].
    float* gated_backward(float* gradient) {
        add_gated_backward(gradient, gates2.of(m * d), branch2.of(m * d), m * d, drop2);
        float *middle_x = middle.of(m * d), *dinner = inner_gradient.of(m * f), *dnormal = out.of(m * d);
        gate2.backward(middle_x, gates2.of(m * d), m, gradient, true);
        down.backward(inner.of(m * f), branch2.of(m * d), m, dinner, false);
        swiglu_backward(wide.of(m * 2 * f), dinner, m, f);
        up.backward(normal2.of(m * d), wide.of(m * 2 * f), m, dnormal, false);
        norm2.backward(middle_x, dnormal, m, gradient);
        add_gated_backward(gradient, gates1.of(m * d), branch1.of(m * d), m * d, drop1);
        gate1.backward(queries ? x.of(m * d) : input, gates1.of(m * d), m, gradient, true);
        float *dy = normal_gradient.of(n * d), *dx = gradient;
        attend_backward(normal.of(n * d), branch1.of(m * d), dy);
        if (queries) {
            dx = input_gradient.of(n * d);
            std::fill_n(dx, n * d, 0.f);
            unpick(gradient, dx);
        }
        norm1.backward(input, dy, n, dx);
        return dx;
    }

    // BERT4Rec: norm(x + f(x)), attention then GELU
    const float* plain() {
        attend(input);
        const float* xq = queries ? kept.of(m * d) : input;
        add_dropped(xq, branch1.of(m * d), m * d, drop1);
        norm1.forward(branch1.of(m * d), m, middle.of(m * d));
        up.forward(middle.of(m * d), m, wide.of(m * f));
        gelu(wide.of(m * f), inner.of(m * f), m * f);
        down.forward(inner.of(m * f), m, branch2.of(m * d));
        add_dropped(middle.of(m * d), branch2.of(m * d), m * d, drop2);
        norm2.forward(branch2.of(m * d), m, out.of(m * d));
        return out.of(m * d);
    }

    float* plain_backward(float* gradient) {
        float *sum = normal.of(m * d), *dropped_sum = normal2.of(m * d), *dinner = inner_gradient.of(m * f);
        std::fill_n(sum, m * d, 0.f);
        norm2.backward(branch2.of(m * d), gradient, m, sum);
        apply_dropout(sum, dropped_sum, m * d, drop2);
        down.backward(inner.of(m * f), dropped_sum, m, dinner, false);
        gelu_backward(wide.of(m * f), dinner, m * f);
        up.backward(middle.of(m * d), dinner, m, sum, true);
        std::fill_n(gradient, m * d, 0.f);
        norm1.backward(branch1.of(m * d), sum, m, gradient);
        apply_dropout(gradient, dropped_sum, m * d, drop1);
        float* dx = input_gradient.of(n * d);
        attend_backward(input, dropped_sum, dx);
        if (queries)
            unpick(gradient, dx);
        else
            add_to(dx, gradient, n * d);
        return dx;
    }
};

struct HandModel { // the layout's tensors of one worker, and what the forward pass keeps for the backward pass
    Norm input_norm, output_norm;
    Linear head;
    std::vector<HandLayer> layers;
    DropKey dropped;   // after the input
    const float* last; // the last layer's output [M,d]
    Floats embedded, input, headed, active, h, gradient, before;
};

// ------------------------------------------------------------------------------------------------ the model
struct Place { // of a dense tensor, in the order of the flat array
    int64_t offset, rows, columns;
    bool matrix; // weight decay applies, drawn at random at the start
};

// One gradient thread: leaves over the shared parameters, gradients of its own.
struct Worker {
    std::vector<Tensor> dense; // views of the model's dense array, in the order of the layout
    Tensor gradient;           // [P] flat; each leaf's gradient is a view
    Tensor rows, row_gradient; // W [R,d]
    Tensor bias, bias_gradient; // [R]
    HandModel hand;
    Batch batch;
    double loss = 0;
    std::string error;
};

struct Model {
    CourserecConfig c;
    torch::Device device;
    bool fused;
    int64_t steps = 0;
    std::vector<Place> places;
    int64_t dense_count = 0;

    Tensor item, bias, dense;                         // [V+2,d], [V+2], [P]
    Tensor item_m, item_v, bias_m, bias_v;            // Adam's; row-wise RMS keeps item_v [V+2,1] and no first moments
    Tensor row_steps;                                 // [V+2] how often a row was updated
    Tensor dense_m, dense_v;                          // [P]
    Tensor item_ema, bias_ema, dense_ema;             // averages, where they are kept
    Tensor row_log;                                   // [V+2] double: log_decay when the row's average was last made
    double log_decay = 0;                             // sum of the log of each step's EMA decay
    std::vector<Worker> workers;
    std::vector<int32_t> slot_of;                     // [V+2] scratch, -1 where not in use
    std::vector<int64_t> touched, negatives, all_rows, order; // rows; `touched` starts with the negatives; order: 1..V

    Model(const CourserecConfig& config, torch::Device where) : c(config), device(where) {
        TORCH_CHECK(c.dimension > 0 && c.heads > 0 && c.dimension % c.heads == 0, "the width ", c.dimension,
                    " is not a multiple of ", c.heads, " heads");
        TORCH_CHECK(c.layers > 0 && c.feed_forward > 0 && c.max_length > 1 && c.courses > 0,
                    "layers, feed-forward width, length and courses must be positive");
        TORCH_CHECK(c.dropout >= 0 && c.dropout < 1, "dropout must be in [0, 1), it is ", c.dropout);
        TORCH_CHECK(c.ema_decay >= 0 && c.ema_decay < 1, "the averages' decay must be in [0, 1), it is ", c.ema_decay);
        TORCH_CHECK(c.threads >= 1 && c.threads <= 64, "threads must be 1 to 64, they are ", c.threads);
        fused = c.fused && device.is_cpu() && sgemm_ != nullptr;
        if (!fused) c.threads = 1;
        lay_out();
        initialise();
        make_workers();
    }

    void lay_out() {
        int64_t d = c.dimension, f = c.feed_forward;
        auto add = [&](int64_t rows, int64_t columns, bool matrix) {
            places.push_back({dense_count, rows, columns, matrix});
            dense_count += rows * columns;
        };
        auto linear = [&](int64_t out, int64_t in) { add(out, in, true), add(1, out, false); };
        auto norm = [&] { add(1, d, false), add(1, d, false); };
        add(c.max_length, d, false);
        if (c.block == 1) norm();
        for (int i = 0; i < c.layers; i++)
            if (c.block == 1)
                linear(3 * d, d), linear(d, d), norm(), linear(f, d), linear(d, f), norm();
            else
                norm(), linear(3 * d, d), linear(d, d), linear(d, d), norm(), linear(2 * f, d), linear(d, f),
                    linear(d, d);
        if (c.block == 1) linear(d, d);
        norm();
    }

    void initialise() {
        int64_t rows = c.courses + 2, d = c.dimension;
        std::mt19937_64 random(mix64(c.seed));
        auto normal = [&](Tensor t, float std) {
            std::normal_distribution<float> draw(0, std);
            float* p = t.data_ptr<float>();
            for (int64_t i = 0; i < t.numel(); i++) p[i] = draw(random);
        };
        auto item_cpu = torch::zeros({rows, d}), dense_cpu = torch::zeros({dense_count});
        normal(item_cpu.narrow(0, 1, rows - 1), kEmbeddingStd);
        normal(dense_cpu.narrow(0, 0, places[0].rows * d), kEmbeddingStd);
        for (auto& p : places)
            if (p.matrix) normal(dense_cpu.narrow(0, p.offset, p.rows * p.columns), c.init_std);
        for (auto norm_weight : norm_weights()) {
            auto& p = places[norm_weight];
            dense_cpu.narrow(0, p.offset, p.columns).fill_(1);
        }
        item = item_cpu.to(device), dense = dense_cpu.to(device), bias = torch::zeros({rows}, device);
        dense_m = torch::zeros_like(dense), dense_v = torch::zeros_like(dense);
        bool adam_rows = c.row_optimiser == 0;
        item_m = adam_rows ? torch::zeros_like(item) : torch::zeros({0}, device);
        bias_m = adam_rows ? torch::zeros_like(bias) : torch::zeros({0}, device);
        item_v = adam_rows ? torch::zeros_like(item) : torch::zeros({rows, 1}, device);
        bias_v = torch::zeros_like(bias);
        row_steps = torch::zeros({rows}, device);
        row_log = torch::zeros({rows}, torch::TensorOptions().dtype(torch::kFloat64).device(device));
        start_averages();
        resize_scratch();
    }

    void start_averages() {
        bool kept = c.ema_decay > 0;
        item_ema = kept ? item.clone() : torch::zeros({0}, device);
        bias_ema = kept ? bias.clone() : torch::zeros({0}, device);
        dense_ema = kept ? dense.clone() : torch::zeros({0}, device);
        row_log.fill_(log_decay);
    }

    void resize_scratch() {
        slot_of.assign(size_t(c.courses) + 2, -1);
        all_rows.resize(size_t(c.courses) + 2);
        std::iota(all_rows.begin(), all_rows.end(), 0);
        order.assign(all_rows.begin() + 1, all_rows.end() - 1);
    }

    std::vector<size_t> norm_weights() const {
        std::vector<size_t> found;
        size_t at = 1;
        auto norm = [&] { found.push_back(at), at += 2; };
        if (c.block == 1) norm();
        for (int i = 0; i < c.layers; i++)
            if (c.block == 1)
                at += 4, norm(), at += 4, norm();
            else
                norm(), at += 6, norm(), at += 6;
        if (c.block == 1) at += 2;
        norm();
        return found;
    }

    void make_workers() {
        workers.resize(size_t(c.threads));
        for (auto& w : workers) {
            w.gradient = torch::zeros({dense_count}, device);
            w.dense.clear();
            for (auto& p : places) {
                auto shape = p.rows == 1 ? std::vector<int64_t>{p.columns} : std::vector<int64_t>{p.rows, p.columns};
                auto leaf = dense.narrow(0, p.offset, p.rows * p.columns).view(shape).detach().requires_grad_();
                leaf.mutable_grad() = w.gradient.narrow(0, p.offset, p.rows * p.columns).view(shape);
                w.dense.push_back(leaf);
            }
            if (fused) bind_by_hand(w);
        }
    }

    void bind_by_hand(Worker& w) {
        auto& hand = w.hand;
        float *value = dense.data_ptr<float>(), *gradient = w.gradient.data_ptr<float>();
        size_t at = 1;
        auto norm = [&](Norm& to) {
            int64_t b = places[at].offset, o = places[at + 1].offset;
            to.d = c.dimension, to.w = value + b, to.b = value + o, to.dw = gradient + b, to.db = gradient + o;
            at += 2;
        };
        auto linear = [&](Linear& to) {
            const auto &weight = places[at], &offset = places[at + 1];
            to = {weight.rows, weight.columns, value + weight.offset, value + offset.offset, gradient + weight.offset,
                  gradient + offset.offset};
            at += 2;
        };
        hand.layers.resize(size_t(c.layers));
        if (c.block == 1) norm(hand.input_norm);
        for (auto& l : hand.layers)
            if (c.block == 1)
                linear(l.qkv), linear(l.proj), norm(l.norm1), linear(l.up), linear(l.down), norm(l.norm2);
            else
                norm(l.norm1), linear(l.qkv), linear(l.proj), linear(l.gate1), norm(l.norm2), linear(l.up),
                    linear(l.down), linear(l.gate2);
        if (c.block == 1) linear(hand.head);
        norm(hand.output_norm);
    }

    // -------------------------------------------------------------------------------------------- forward
    // Reads the layout's tensors in order while the layers are computed.
    struct Reader {
        const std::vector<Tensor>& tensors;
        size_t next = 0;
        const Tensor& take() { return tensors[next++]; }
        Tensor linear(const Tensor& x) {
            auto &w = take(), &b = take();
            return torch::linear(x, w, b);
        }
        Tensor norm(const Tensor& x) {
            auto &w = take(), &b = take();
            return torch::layer_norm(x, {x.size(-1)}, w, b, kNormEpsilon);
        }
    };

    struct Pass {
        const Batch& batch;
        bool train;
    };

    Tensor drop(const Tensor& x, const Pass& pass) {
        return pass.train && c.dropout > 0 ? torch::dropout(x, c.dropout, true) : x;
    }

    // x [N,d] as keys and values, xq [M,d] as queries -> [M,d]
    Tensor attention(const Tensor& x, const Tensor& xq, bool all, Reader& read, const Pass& pass) {
        int64_t d = c.dimension;
        const Tensor &w = read.take(), &b = read.take();
        auto q = torch::linear(xq, w.narrow(0, 0, d), b.narrow(0, 0, d));
        auto kv = torch::linear(x, w.narrow(0, d, 2 * d), b.narrow(0, d, 2 * d));
        AttentionShape shape{&pass.batch, all, c.objective == 0, c.heads, DropKey()};
        return read.linear(padded_attention(q, kv, shape, pass.train ? c.dropout : 0.f));
    }

    // LiGR: x + σ(gate x) ⊙ f(norm x), attention then SwiGLU
    Tensor gated_layer(Tensor x, const Tensor& queries, bool all, Reader& read, const Pass& pass) {
        auto y = read.norm(x);
        auto xq = all ? x : rows_of(x, queries);
        auto a = attention(y, all ? y : rows_of(y, queries), all, read, pass);
        x = torch::addcmul(xq, torch::sigmoid(read.linear(xq)), drop(a, pass));
        y = read.norm(x);
        int64_t f = c.feed_forward;
        const Tensor &w = read.take(), &b = read.take();
        auto u = torch::silu(torch::linear(y, w.narrow(0, 0, f), b.narrow(0, 0, f)));
        auto v = torch::linear(y, w.narrow(0, f, f), b.narrow(0, f, f));
        auto out = read.linear(u * v);
        return torch::addcmul(x, torch::sigmoid(read.linear(x)), drop(out, pass));
    }

    // BERT4Rec: norm(x + f(x)), attention then GELU
    Tensor plain_layer(Tensor x, const Tensor& queries, bool all, Reader& read, const Pass& pass) {
        auto xq = all ? x : rows_of(x, queries);
        auto a = attention(x, xq, all, read, pass);
        x = read.norm(xq + drop(a, pass));
        auto hidden = torch::gelu(read.linear(x));
        auto out = read.linear(hidden);
        return read.norm(x + drop(out, pass));
    }

    // -> h [M,d], ready for the product with the embedding rows
    Tensor encode(Worker& w, const Pass& pass) {
        const Batch& batch = pass.batch;
        Reader read{w.dense};
        auto queries = indices(batch.queries, device);
        auto x =
            rows_of(w.rows, indices(batch.slots, device)) + rows_of(read.take(), indices(batch.positions, device));
        if (c.block == 1) x = read.norm(x);
        x = drop(x, pass);
        for (int i = 0; i < c.layers; i++) {
            bool all = i + 1 < c.layers || batch.all();
            x = c.block == 1 ? plain_layer(x, queries, all, read, pass) : gated_layer(x, queries, all, read, pass);
        }
        if (c.block == 1) x = torch::gelu(read.linear(x));
        return read.norm(x);
    }

    // The same by hand: h stays in the worker until its next pass. number: which worker it is.
    Tensor encode_by_hand(Worker& w, bool train, int64_t number) {
        auto& hand = w.hand;
        const Batch& batch = w.batch;
        int64_t n = batch.tokens(), m = batch.targets(), d = c.dimension, site = number * 1000;
        auto key = [&] { return DropKey(c.seed, steps, site++, train ? c.dropout : 0.f); };
        float *x = hand.embedded.of(n * d), *input = x;
        const float *rows = w.rows.data_ptr<float>(), *position = dense.data_ptr<float>();
        for (int64_t t = 0; t < n; t++) {
            std::memcpy(x + t * d, rows + batch.slots[size_t(t)] * d, size_t(d) * 4);
            add_to(x + t * d, position + batch.positions[size_t(t)] * d, d);
        }
        if (c.block == 1) hand.input_norm.forward(x, n, input = hand.input.of(n * d));
        hand.dropped = key();
        apply_dropout(input, input, n * d, hand.dropped);
        const float* out = input;
        for (size_t i = 0; i < hand.layers.size(); i++) {
            auto& layer = hand.layers[i];
            bool all = i + 1 < hand.layers.size() || batch.all();
            layer.n = n, layer.m = all ? n : m, layer.d = d, layer.f = c.feed_forward, layer.input = out;
            layer.queries = all ? nullptr : batch.queries.data();
            layer.shape = {&batch, all, c.objective == 0, c.heads, key()};
            layer.drop1 = key(), layer.drop2 = key();
            out = c.block == 1 ? layer.plain() : layer.gated();
        }
        hand.last = out;
        if (c.block == 1) {
            hand.head.forward(out, m, hand.headed.of(m * d));
            gelu(hand.headed.of(m * d), hand.active.of(m * d), m * d);
            out = hand.active.of(m * d);
        }
        hand.output_norm.forward(out, m, hand.h.of(m * d));
        return torch::from_blob(hand.h.of(m * d), {m, d}, torch::kFloat32);
    }

    // gradient [M,d] of h, to all parameters' gradients.
    void backward_by_hand(Worker& w, const Tensor& gradient) {
        auto& hand = w.hand;
        const Batch& batch = w.batch;
        int64_t n = batch.tokens(), m = batch.targets(), d = c.dimension;
        float *g = hand.gradient.of(m * d), *before = hand.before.of(n * d);
        std::fill_n(g, m * d, 0.f);
        hand.output_norm.backward(c.block == 1 ? hand.active.of(m * d) : hand.last, gradient.data_ptr<float>(), m, g);
        if (c.block == 1) {
            gelu_backward(hand.headed.of(m * d), g, m * d);
            hand.head.backward(hand.last, g, m, before, false);
            g = before;
        }
        for (size_t i = hand.layers.size(); i-- > 0;)
            g = c.block == 1 ? hand.layers[i].plain_backward(g) : hand.layers[i].gated_backward(g);
        apply_dropout(g, g, n * d, hand.dropped);
        if (c.block == 1) {
            std::fill_n(before, n * d, 0.f);
            hand.input_norm.backward(hand.embedded.of(n * d), g, n, before);
            g = before;
        }
        float *rows = w.row_gradient.data_ptr<float>(), *position = w.gradient.data_ptr<float>();
        for (int64_t t = 0; t < n; t++) {
            add_to(rows + batch.slots[size_t(t)] * d, g + t * d, d);
            add_to(position + batch.positions[size_t(t)] * d, g + t * d, d);
        }
    }

    // -------------------------------------------------------------------------------------------- loss
    // Adds to the rows' gradients; returns the gradient of h [M,d]. scale: 1 / the whole batch's targets.
    Tensor full_loss(Worker& w, const Tensor& h, float scale) {
        int64_t count = h.size(0), courses = c.courses, chunk = std::max<int64_t>(32, (1 << 20) / courses);
        auto table = w.rows.detach().narrow(0, 1, courses), table_gradient = w.row_gradient.narrow(0, 1, courses);
        auto offsets = w.bias.narrow(0, 1, courses), offset_gradient = w.bias_gradient.narrow(0, 1, courses);
        auto gradient = torch::empty_like(h), target = indices(w.batch.labels, device) - 1;
        for (int64_t i = 0; i < count; i += chunk) {
            int64_t n = std::min(chunk, count - i);
            auto part = h.narrow(0, i, n), s = torch::addmm(offsets, part, table.t()), t = target.narrow(0, i, n);
            spare_later(w.batch, s, i, 1);
            if (fused)
                w.loss += full_softmax_loss(s.data_ptr<float>(), n, courses, t.data_ptr<int64_t>(), scale);
            else {
                auto lse = torch::logsumexp(s, 1, true);
                w.loss += (lse - s.gather(1, t.unsqueeze(1))).sum().item<double>();
                s.sub_(lse).exp_().mul_(scale);
                s.scatter_add_(1, t.unsqueeze(1), torch::full({n, 1}, -scale, s.options()));
            }
            auto part_gradient = gradient.narrow(0, i, n);
            torch::mm_out(part_gradient, s, table);
            table_gradient.addmm_(s.t(), part);
            offset_gradient.add_(s.sum(0));
        }
        return gradient;
    }

    // A course that the user takes later is no wrong answer: its logit leaves the softmax. s [n,columns] begins with
    // target `from`; column j is row `first` + j of W.
    void spare_later(const Batch& batch, Tensor& s, int64_t from, int64_t first) {
        if (!c.spare_later) return;
        int64_t columns = s.size(1);
        std::vector<int64_t> places;
        float* cells = fused ? s.data_ptr<float>() : nullptr;
        for (int64_t i = 0, b = 0; i < s.size(0); i++) {
            size_t q = size_t(from + i);
            while (batch.first[size_t(b) + 1] <= from + i) b++;
            auto spare = [&](int64_t row) {
                int64_t column = row - first;
                if (column < 0 || column >= columns || row == batch.answers[q]) return;
                if (fused)
                    cells[i * columns + column] = -INFINITY;
                else
                    places.push_back(i * columns + column);
            };
            for (int64_t t = batch.queries[q] + 1; t < batch.starts[size_t(b) + 1]; t++) spare(batch.slots[size_t(t)]);
            for (int64_t t = from + i + 1; t < batch.first[size_t(b) + 1]; t++) spare(batch.answers[size_t(t)]);
        }
        if (!places.empty()) s.view(-1).index_fill_(0, indices(places, device), -INFINITY);
    }

    // The first K rows of W are the negatives.
    Tensor sampled_loss(Worker& w, const Tensor& h, float scale, float gbce) {
        int64_t k = int64_t(negatives.size()), count = h.size(0);
        auto table = w.rows.detach().narrow(0, 0, k);
        auto answers = indices(w.batch.answers, device);
        auto positive_rows = w.rows.detach().index_select(0, answers);
        auto s = torch::addmm(w.bias.narrow(0, 0, k), h, table.t());
        spare_later(w.batch, s, 0, 0);
        auto positive = (h * positive_rows).sum(1) + w.bias.index_select(0, answers);
        if (fused)
            w.loss += gbce < 0 ? sampled_softmax_loss(s.data_ptr<float>(), positive.data_ptr<float>(), count, k,
                                                      w.batch.hits.data(), c.courses - 1, scale)
                               : gbce_loss(s.data_ptr<float>(), positive.data_ptr<float>(), count, k,
                                           w.batch.hits.data(), c.courses - 1, gbce, scale);
        else {
            auto hit = torch::from_blob(w.batch.hits.data(), {count}, torch::kInt32).to(device).to(torch::kInt64);
            auto is_hit = hit.ge(0), usable = k - is_hit.to(torch::kFloat32);
            auto taken = torch::zeros({count, k}, s.options()).scatter_(1, hit.clamp_min(0).unsqueeze(1),
                                                                      is_hit.to(torch::kFloat32).unsqueeze(1));
            s.masked_fill_(taken.gt(0), -INFINITY);
            if (gbce < 0) {
                s.add_(torch::log(double(c.courses - 1) / usable.clamp_min(1)).unsqueeze(1));
                auto lse = torch::logsumexp(torch::cat({s, positive.unsqueeze(1)}, 1), 1);
                w.loss += (lse - positive).sum().item<double>();
                s.sub_(lse.unsqueeze(1)).exp_().mul_(scale);
                positive = (torch::exp(positive - lse) - 1) * scale;
            } else {
                auto share = 1 / (1 + usable), beta = 1 - gbce * (1 - usable / double(c.courses - 1));
                auto loss = torch::softplus(s).sum(1) + beta * torch::softplus(-positive);
                w.loss += (loss * share).sum().item<double>();
                s.sigmoid_().mul_((share * scale).unsqueeze(1));
                positive = -beta * torch::sigmoid(-positive) * share * scale;
            }
        }
        auto gradient = torch::addcmul(s.mm(table), positive_rows, positive.unsqueeze(1));
        w.row_gradient.narrow(0, 0, k).addmm_(s.t(), h);
        w.bias_gradient.narrow(0, 0, k).add_(s.sum(0));
        add_rows(w.row_gradient, answers, h * positive.unsqueeze(1));
        w.bias_gradient.index_add_(0, answers, positive);
        return gradient;
    }

    void add_rows(Tensor& table, const Tensor& index, const Tensor& values) {
        if (!fused) {
            table.index_add_(0, index, values);
            return;
        }
        int64_t d = table.size(1);
        float* to = table.data_ptr<float>();
        const float* from = values.data_ptr<float>();
        const int64_t* row = index.data_ptr<int64_t>();
        for (int64_t i = 0; i < index.numel(); i++)
            for (int64_t j = 0; j < d; j++) to[row[i] * d + j] += from[i * d + j];
    }

    // Forward, loss, backward of one worker's share.
    void differentiate(Worker& w, const CourserecStep& step, float scale, int64_t number) {
        w.loss = 0;
        w.gradient.zero_();
        w.row_gradient = torch::zeros_like(w.rows);
        w.bias_gradient = torch::zeros_like(w.bias);
        if (w.batch.targets() == 0) return;
        auto loss = [&](const Tensor& h) {
            return step.negatives > 0 ? sampled_loss(w, h, scale, step.gbce) : full_loss(w, h, scale);
        };
        if (fused) {
            backward_by_hand(w, loss(encode_by_hand(w, step.train != 0, number)).contiguous());
            return;
        }
        w.rows.mutable_grad() = w.row_gradient;
        Tensor h;
        {
            at::AutoGradMode on(true);
            h = encode(w, {w.batch, step.train != 0});
        }
        h.backward(loss(h.detach()));
    }

    // -------------------------------------------------------------------------------------------- batches
    // Checks and packs ids and labels [B,T], a share for each worker; `sampled` > 0: W is compact.
    // Returns the targets.
    int64_t pack(const int32_t* ids, const int32_t* labels, int64_t batch, int64_t length, int64_t sampled) {
        TORCH_CHECK(batch > 0 && length > 0, "the batch is empty");
        TORCH_CHECK(length <= c.max_length, "a sequence has ", length, " tokens, the model sees at most ",
                    c.max_length);
        draw_negatives(sampled);
        int64_t total = 0;
        for (int64_t i = 0; i < batch * length; i++) {
            TORCH_CHECK(ids[i] >= 0 && ids[i] <= c.courses + 1, "token ", ids[i], " is not a row of ", c.courses,
                        " courses");
            TORCH_CHECK(labels[i] >= 0 && labels[i] <= c.courses, "label ", labels[i], " is not a course of ",
                        c.courses);
            total += ids[i] != 0;
        }
        for (auto& w : workers) w.batch = Batch{{}, {}, {0}, {}, {0}, {}, {}, {}};
        size_t worker = 0;
        int64_t seen = 0, targets = 0;
        for (int64_t b = 0; b < batch; b++) {
            while (worker + 1 < workers.size() && seen * int64_t(workers.size()) >= total * int64_t(worker + 1))
                worker++;
            auto& to = workers[worker].batch;
            pack_sequence(to, ids + b * length, labels + b * length, length, sampled > 0);
            seen += to.starts.back() - to.starts[to.starts.size() - 2];
        }
        for (auto& w : workers) targets += w.batch.targets();
        return targets;
    }

    void pack_sequence(Batch& to, const int32_t* ids, const int32_t* labels, int64_t length, bool compact) {
        int64_t begin = 0;
        while (begin < length && ids[begin] == 0) {
            TORCH_CHECK(labels[begin] == 0, "padding has a label");
            begin++;
        }
        for (int64_t t = begin; t < length; t++) {
            TORCH_CHECK(ids[t] != 0, "padding stands inside a sequence; it belongs on the left");
            if (labels[t] > 0) {
                to.queries.push_back(to.tokens());
                to.labels.push_back(labels[t]);
                to.answers.push_back(compact ? slot(labels[t]) : labels[t]);
                to.hits.push_back(compact && slot_of[size_t(labels[t])] < int32_t(negatives.size())
                                      ? slot_of[size_t(labels[t])] : -1);
            }
            to.slots.push_back(compact ? slot(ids[t]) : ids[t]);
            to.positions.push_back(c.anchor == 0 ? c.max_length - length + t : t - begin);
        }
        to.starts.push_back(to.tokens());
        to.first.push_back(to.targets());
    }

    int64_t slot(int32_t row) {
        auto& at = slot_of[size_t(row)];
        if (at < 0) {
            at = int32_t(touched.size());
            touched.push_back(row);
        }
        return at;
    }

    // K different courses, uniformly; they become the first rows of W.
    void draw_negatives(int64_t wanted) {
        for (auto row : touched) slot_of[size_t(row)] = -1;
        touched.clear();
        negatives.clear();
        if (wanted <= 0) return;
        int64_t n = c.courses, k = std::min(wanted, n);
        std::mt19937_64 random(mix64(c.seed ^ mix64(uint64_t(steps) * 2 + 1)));
        std::vector<int64_t> swaps(static_cast<size_t>(k));
        for (int64_t i = 0; i < k; i++) {
            swaps[size_t(i)] = i + int64_t(random() % uint64_t(n - i));
            std::swap(order[size_t(i)], order[size_t(swaps[size_t(i)])]);
        }
        negatives.assign(order.begin(), order.begin() + k);
        for (int64_t i = k; i-- > 0;) std::swap(order[size_t(i)], order[size_t(swaps[size_t(i)])]);
        for (auto row : negatives) slot(int32_t(row));
    }

    // W of each worker: the whole table, or a copy of the touched rows.
    void bind_rows(bool compact) {
        Tensor rows = item, offsets = bias;
        if (compact) {
            auto index = indices(touched, device);
            rows = item.index_select(0, index);
            offsets = bias.index_select(0, index);
        }
        for (auto& w : workers) {
            w.rows = rows.detach().requires_grad_();
            w.bias = offsets;
        }
    }

    // Gradients of one batch, summed in the first worker; everything but the update.
    CourserecResult gradients(const int32_t* ids, const int32_t* labels, int64_t batch, int64_t length,
                              const CourserecStep& step) {
        int64_t targets = pack(ids, labels, batch, length, step.negatives), tokens = 0;
        TORCH_CHECK(targets > 0, "the batch has no targets");
        bind_rows(step.negatives > 0);
        if (!fused && step.train && c.dropout > 0) torch::manual_seed(mix64(c.seed ^ mix64(uint64_t(steps) * 2)));
        for (auto& w : workers) tokens += w.batch.tokens();
        float scale = 1.f / float(targets);
        run([&](Worker& w, int64_t i) { differentiate(w, step, scale, i); });
        auto& sum = workers[0];
        for (size_t i = 1; i < workers.size(); i++) {
            sum.gradient.add_(workers[i].gradient);
            sum.row_gradient.add_(workers[i].row_gradient);
            sum.bias_gradient.add_(workers[i].bias_gradient);
            sum.loss += workers[i].loss;
        }
        return {sum.loss / double(targets), norm(sum), steps, targets, tokens, sum.rows.size(0)};
    }

    double norm(const Worker& w) const {
        double total = 0;
        for (auto* g : {&w.gradient, &w.row_gradient, &w.bias_gradient})
            total += fused ? square_sum(g->data_ptr<float>(), g->numel()) : g->square().sum().item<double>();
        return std::sqrt(total);
    }

    template <typename Body>
    void run(Body body) {
        if (workers.size() == 1) {
            body(workers[0], 0);
            return;
        }
        std::vector<std::thread> threads;
        for (size_t i = 0; i < workers.size(); i++)
            threads.emplace_back([&, i] {
                torch::NoGradGuard off;
                torch::set_num_threads(1);
                try {
                    workers[i].error.clear();
                    body(workers[i], int64_t(i));
                } catch (const std::exception& e) {
                    workers[i].error = e.what();
                }
            });
        for (auto& t : threads) t.join();
        for (auto& w : workers) TORCH_CHECK(w.error.empty(), w.error);
    }

    // -------------------------------------------------------------------------------------------- the optimiser
    CourserecResult train(const int32_t* ids, const int32_t* labels, int64_t batch, int64_t length,
                          const CourserecStep& step) {
        auto result = gradients(ids, labels, batch, length, step);
        TORCH_CHECK(std::isfinite(result.loss) && std::isfinite(result.gradient_norm), "step ", steps + 1,
                    ": the loss is ", result.loss, " and the gradient's norm ", result.gradient_norm,
                    "; the parameters were left alone");
        bool clipped = c.clip_norm > 0 && result.gradient_norm > c.clip_norm;
        float clip = clipped ? float(c.clip_norm / result.gradient_norm) : 1.f;
        steps++;
        double decay = c.ema_decay > 0 ? std::min(double(c.ema_decay), (1. + steps) / (10. + steps)) : 0;
        update_dense(step.learning_rate, clip);
        const auto& rows = step.negatives > 0 ? touched : all_rows;
        if (fused)
            update_rows(rows, step.row_learning_rate, clip, decay);
        else
            update_rows_torch(rows, step.row_learning_rate, clip, decay);
        if (c.ema_decay > 0) {
            log_decay += std::log(decay);
            if (fused)
                towards(dense_ema.data_ptr<float>(), dense.data_ptr<float>(), dense_count, float(decay));
            else
                dense_ema.lerp_(dense, 1 - decay);
        }
        result.step = steps;
        return result;
    }

    AdamRates rates(float lr, float decay, double t) const {
        return {lr, c.beta1, c.beta2, c.epsilon, lr * decay, float(1 - std::pow(double(c.beta1), t)),
                float(1 - std::pow(double(c.beta2), t))};
    }

    void update_dense(float lr, float clip) {
        const auto& g = workers[0].gradient;
        for (auto& p : places) {
            auto r = rates(lr, p.matrix ? c.weight_decay : 0, double(steps));
            int64_t n = p.rows * p.columns;
            if (fused)
                adam(dense.data_ptr<float>() + p.offset, g.data_ptr<float>() + p.offset,
                     dense_m.data_ptr<float>() + p.offset, dense_v.data_ptr<float>() + p.offset, n, r, clip);
            else if (p.matrix && r.decay > 0)
                dense.narrow(0, p.offset, n).mul_(1 - r.decay);
        }
        if (fused) return;
        auto r = rates(lr, 0, double(steps));
        auto gc = g * clip;
        dense_m.lerp_(gc, 1 - r.beta1);
        dense_v.mul_(r.beta2).addcmul_(gc, gc, 1 - r.beta2);
        dense.addcdiv_(dense_m, dense_v.sqrt().div_(std::sqrt(r.correct2)).add_(r.epsilon), -r.lr / r.correct1);
    }

    // rows[i] has gradient row i. Padding (row 0) never changes; the mask's bias has no gradient.
    void update_rows(const std::vector<int64_t>& rows, float lr, float clip, double decay) {
        int64_t d = c.dimension;
        auto &g = workers[0].row_gradient, &gb = workers[0].bias_gradient;
        float* count = row_steps.data_ptr<float>();
        double* log_at = row_log.data_ptr<double>();
        for (size_t i = 0; i < rows.size(); i++) {
            if (i + kFetchAhead < rows.size()) fetch_row(rows[i + kFetchAhead]);
            int64_t row = rows[i];
            if (row == 0) continue;
            float *p = item.data_ptr<float>() + row * d, *b = bias.data_ptr<float>() + row;
            float *e = decay > 0 ? item_ema.data_ptr<float>() + row * d : nullptr,
                  *eb = decay > 0 ? bias_ema.data_ptr<float>() + row : nullptr;
            if (e) { // the steps since its last update, in which the row stood still
                float keep = float(std::exp(log_decay - log_at[row]));
                towards(e, p, d, keep);
                towards(eb, b, 1, keep);
                log_at[row] = log_decay + std::log(decay);
            }
            const float* gr = g.data_ptr<float>() + int64_t(i) * d;
            auto r = rates(lr, 0, ++count[row]);
            if (c.row_optimiser == 0) {
                adam(p, gr, item_m.data_ptr<float>() + row * d, item_v.data_ptr<float>() + row * d, d, r, clip);
                adam(b, gb.data_ptr<float>() + i, bias_m.data_ptr<float>() + row, bias_v.data_ptr<float>() + row, 1, r,
                     clip);
            } else {
                rms(p, gr, item_v.data_ptr<float>() + row, d, r, clip);
                rms(b, gb.data_ptr<float>() + i, bias_v.data_ptr<float>() + row, 1, r, clip);
            }
            if (e) {
                towards(e, p, d, float(decay));
                towards(eb, b, 1, float(decay));
            }
        }
    }

    // The rows lie far apart: fetched while others are computed, they cost no wait.
    void fetch_row(int64_t row) const {
        auto fetch = [&](const Tensor& table) {
            if (table.numel() == 0) return;
            int64_t width = table.dim() == 2 ? table.size(1) : 1;
            auto at = static_cast<const char*>(table.data_ptr()) + row * width * int64_t(table.element_size());
            for (int64_t i = 0; i < width * int64_t(table.element_size()); i += 64) __builtin_prefetch(at + i, 1);
        };
        for (auto* t : {&item, &item_m, &item_v, &item_ema, &bias, &bias_m, &bias_v, &bias_ema, &row_steps, &row_log})
            fetch(*t);
    }

    // The same in torch's operations.
    void update_rows_torch(const std::vector<int64_t>& rows, float lr, float clip, double decay) {
        auto index = indices(rows, device);
        auto keep = index.gt(0).to(torch::kFloat32);
        row_steps.index_add_(0, index, keep);
        auto t = row_steps.index_select(0, index).clamp_min(1).to(torch::kFloat64);
        auto correct1 = (1 - torch::pow(double(c.beta1), t)).to(torch::kFloat32);
        auto correct2 = (1 - torch::pow(double(c.beta2), t)).to(torch::kFloat32);
        auto since = torch::exp(log_decay - row_log.index_select(0, index)).to(torch::kFloat32);
        auto update = [&](Tensor& table, Tensor& m, Tensor& v, Tensor& ema, const Tensor& gradient) {
            auto wide = [&](const Tensor& x) { return table.dim() == 2 ? x.unsqueeze(1) : x; };
            auto p = table.index_select(0, index), g = gradient * clip * wide(keep);
            Tensor e = decay > 0 ? p + wide(since) * (ema.index_select(0, index) - p) : Tensor();
            auto square = c.row_optimiser == 1 && table.dim() == 2 ? g.square().mean(1, true) : g.square();
            auto vr = v.index_select(0, index) * c.beta2 + square * (1 - c.beta2);
            auto direction = g;
            if (c.row_optimiser == 0) {
                direction = m.index_select(0, index) * c.beta1 + g * (1 - c.beta1);
                m.index_copy_(0, index, direction);
                direction = direction / wide(correct1);
            }
            v.index_copy_(0, index, vr);
            p = p - lr * direction / ((vr / wide(correct2)).sqrt() + c.epsilon);
            table.index_copy_(0, index, p);
            if (decay > 0) ema.index_copy_(0, index, p + decay * (e - p));
        };
        update(item, item_m, item_v, item_ema, workers[0].row_gradient);
        update(bias, bias_m, bias_v, bias_ema, workers[0].bias_gradient);
        if (decay > 0) row_log.index_fill_(0, index, log_decay + std::log(decay));
    }

    // -------------------------------------------------------------------------------------------- in and out
    int64_t parameters() const { return item.numel() + dense_count + bias.numel(); }

    void get(float* out, bool averaged) const {
        auto put = [&](const Tensor& t) {
            auto flat = t.to(torch::kCPU, torch::kFloat32).contiguous();
            std::memcpy(out, flat.data_ptr<float>(), size_t(flat.numel()) * 4);
            out += flat.numel();
        };
        if (!averaged || c.ema_decay == 0) {
            put(item), put(dense), put(bias);
            return;
        }
        auto keep = torch::exp(log_decay - row_log).to(torch::kFloat32);
        put(item + keep.unsqueeze(1) * (item_ema - item));
        put(dense_ema);
        put(bias + keep * (bias_ema - bias));
    }

    // Begins anew from given parameters: moments, counts and averages too.
    void set(const float* in, int64_t count) {
        TORCH_CHECK(count == parameters(), "the model has ", parameters(), " parameters, ", count, " were given");
        auto take = [&](Tensor& t) {
            t.copy_(torch::from_blob(const_cast<float*>(in), t.sizes(), torch::kFloat32));
            in += t.numel();
        };
        take(item), take(dense), take(bias);
        item[0].zero_();
        for (auto* t : {&item_m, &item_v, &bias_m, &bias_v, &row_steps, &dense_m, &dense_v}) t->zero_();
        steps = 0;
        log_decay = 0;
        start_averages();
    }

    std::vector<Tensor*> state() {
        return {&item, &bias, &dense, &item_m, &item_v, &bias_m, &bias_v, &row_steps, &dense_m, &dense_v,
                &item_ema, &bias_ema, &dense_ema, &row_log};
    }

    struct StateHead {
        CourserecConfig config;
        int64_t steps;
        double log_decay;
    };

    int64_t state_size() {
        int64_t bytes = sizeof(StateHead);
        for (auto* t : state()) bytes += t->numel() * int64_t(t->element_size());
        return bytes;
    }

    void save(uint8_t* out, int64_t size) {
        TORCH_CHECK(size == state_size(), "the state has ", state_size(), " bytes, room was made for ", size);
        StateHead head;
        std::memset(&head, 0, sizeof head);
        head.config = c, head.steps = steps, head.log_decay = log_decay;
        std::memcpy(out, &head, sizeof head);
        out += sizeof head;
        for (auto* t : state()) {
            auto flat = t->to(torch::kCPU).contiguous();
            std::memcpy(out, flat.data_ptr(), flat.nbytes());
            out += flat.nbytes();
        }
    }

    void load(const uint8_t* in, int64_t size) {
        StateHead head;
        TORCH_CHECK(size == state_size(), "the state has ", size, " bytes, this model's has ", state_size());
        std::memcpy(&head, in, sizeof head);
        TORCH_CHECK(same_shape(head.config), "the state is another model's");
        in += sizeof head;
        c.seed = head.config.seed;
        steps = head.steps, log_decay = head.log_decay;
        for (auto* t : state()) {
            t->copy_(torch::from_blob(const_cast<uint8_t*>(in), t->sizes(), t->scalar_type()));
            in += t->nbytes();
        }
    }

    bool same_shape(const CourserecConfig& o) const {
        return o.objective == c.objective && o.block == c.block && o.dimension == c.dimension &&
               o.layers == c.layers && o.heads == c.heads && o.feed_forward == c.feed_forward &&
               o.max_length == c.max_length && o.anchor == c.anchor && o.courses == c.courses &&
               o.row_optimiser == c.row_optimiser && (o.ema_decay > 0) == (c.ema_decay > 0);
    }

    // New courses take the rows after V; the mask's row moves up. rows [count,d], offsets [count].
    void add_courses(int64_t count, const float* rows, const float* offsets) {
        TORCH_CHECK(count > 0, "no course was given");
        int64_t old = c.courses, d = c.dimension;
        auto grow = [&](Tensor& t, const Tensor& added) {
            if (t.numel() == 0) return;
            auto mask = t.narrow(0, old + 1, 1), kept = t.narrow(0, 0, old + 1);
            t = torch::cat({kept, added.to(t.options()), mask}, 0);
        };
        auto zeros = [&](Tensor& t) {
            if (t.numel() == 0) return;
            auto shape = t.sizes().vec();
            shape[0] = count;
            grow(t, torch::zeros(shape, t.options()));
        };
        auto given = torch::from_blob(const_cast<float*>(rows), {count, d});
        auto given_bias = torch::from_blob(const_cast<float*>(offsets), {count});
        for (auto* t : {&item, &item_ema}) grow(*t, given);
        for (auto* t : {&bias, &bias_ema}) grow(*t, given_bias);
        for (auto* t : {&item_m, &item_v, &bias_m, &bias_v, &row_steps}) zeros(*t);
        grow(row_log, torch::full({count}, log_decay, row_log.options()));
        c.courses += int32_t(count);
        touched.clear();
        resize_scratch();
    }

    // Logits of all rows at the last token of each sequence, without dropout: [B,V+2].
    void scores(const int32_t* ids, int64_t batch, int64_t length, float* out) {
        std::vector<int32_t> labels(size_t(batch * length), 0);
        for (int64_t b = 0; b < batch; b++) {
            TORCH_CHECK(ids[(b + 1) * length - 1] != 0, "sequence ", b, " is empty");
            labels[size_t((b + 1) * length - 1)] = 1;
        }
        pack(ids, labels.data(), batch, length, 0);
        bind_rows(false);
        for (size_t i = 0; i < workers.size(); i++) {
            auto& w = workers[i];
            if (w.batch.targets() == 0) continue;
            auto h = fused ? encode_by_hand(w, false, int64_t(i)) : encode(w, {w.batch, false});
            auto logits = torch::addmm(bias, h, item.t()).to(torch::kCPU).contiguous();
            std::memcpy(out, logits.data_ptr<float>(), logits.nbytes());
            out += logits.numel();
        }
    }

    // The gradient in the layout of the parameters, without an update.
    CourserecResult gradient(const int32_t* ids, const int32_t* labels, int64_t batch, int64_t length,
                             const CourserecStep& step, float* out) {
        auto result = gradients(ids, labels, batch, length, step);
        auto rows = torch::zeros_like(item), offsets = torch::zeros_like(bias);
        auto index = indices(step.negatives > 0 ? touched : all_rows, device);
        rows.index_copy_(0, index, workers[0].row_gradient);
        offsets.index_copy_(0, index, workers[0].bias_gradient);
        for (auto* t : {&rows, &workers[0].gradient, &offsets}) {
            auto flat = t->to(torch::kCPU).contiguous();
            std::memcpy(out, flat.data_ptr<float>(), flat.nbytes());
            out += flat.numel();
        }
        return result;
    }
};

torch::Device device_of(const std::string& name) {
    if (name == "auto") return torch::Device(torch::cuda::is_available() ? "cuda:0" : "cpu");
    if (name == "cpu") return torch::Device(torch::kCPU);
    TORCH_CHECK(name == "cuda" || name.rfind("cuda:", 0) == 0, "the device '", name, "' is none of auto, cpu, cuda:N");
    TORCH_CHECK(torch::cuda::is_available(), "there is no CUDA device, or libtorch was built without CUDA");
    return torch::Device(name == "cuda" ? "cuda:0" : name);
}

void keep_memory() {
#ifdef __GLIBC__
    if (!std::getenv("MALLOC_MMAP_THRESHOLD_")) mallopt(M_MMAP_THRESHOLD, 32 << 20);
    if (!std::getenv("MALLOC_TRIM_THRESHOLD_")) mallopt(M_TRIM_THRESHOLD, 1 << 30);
#endif
}

// Runs one call: no autograd unless asked for, one math thread on a CPU, exceptions as a code and a message.
template <typename Body>
int32_t call(Body body) {
    try {
        torch::NoGradGuard off;
        torch::set_num_threads(1);
        body();
        return 0;
    } catch (const c10::Error& e) {
        last_error = e.what_without_backtrace();
    } catch (const std::exception& e) {
        last_error = e.what();
    } catch (...) {
        last_error = "an unknown native error";
    }
    return 1;
}

Model& of(void* model) {
    TORCH_CHECK(model != nullptr, "there is no model");
    return *static_cast<Model*>(model);
}

} // namespace

// ------------------------------------------------------------------------------------------------ the C interface
// 0: done; else courserec_last_error() says what happened, on this thread. A model is used by one thread at a time.
#define API extern "C" __attribute__((visibility("default")))

API int32_t courserec_abi() { return 2; }
API const char* courserec_torch_version() { return TORCH_VERSION; }
API const char* courserec_last_error() { return last_error.c_str(); }

API int32_t courserec_create(const CourserecConfig* config, const char* device, void** model) {
    return call([&] {
        keep_memory();
        *model = new Model(*config, device_of(device));
    });
}

API void courserec_destroy(void* model) { delete static_cast<Model*>(model); }

API int32_t courserec_parameter_count(void* model, int64_t* count) {
    return call([&] { *count = of(model).parameters(); });
}

API int32_t courserec_get_parameters(void* model, int32_t averaged, float* out, int64_t count) {
    return call([&] {
        auto& m = of(model);
        TORCH_CHECK(count == m.parameters(), "the model has ", m.parameters(), " parameters, room was made for ",
                    count);
        m.get(out, averaged != 0);
    });
}

API int32_t courserec_set_parameters(void* model, const float* values, int64_t count) {
    return call([&] { of(model).set(values, count); });
}

// ids, labels [batch,length]: left-padded rows of `item`; label 0: no target.
API int32_t courserec_step(void* model, const int32_t* ids, const int32_t* labels, int32_t batch, int32_t length,
                           const CourserecStep* step, CourserecResult* result) {
    return call([&] { *result = of(model).train(ids, labels, batch, length, *step); });
}

API int32_t courserec_gradient(void* model, const int32_t* ids, const int32_t* labels, int32_t batch, int32_t length,
                               const CourserecStep* step, float* gradient, CourserecResult* result) {
    return call([&] { *result = of(model).gradient(ids, labels, batch, length, *step, gradient); });
}

API int32_t courserec_scores(void* model, const int32_t* ids, int32_t batch, int32_t length, float* out) {
    return call([&] { of(model).scores(ids, batch, length, out); });
}

API int32_t courserec_add_courses(void* model, int32_t count, const float* rows, const float* biases) {
    return call([&] { of(model).add_courses(count, rows, biases); });
}

API int32_t courserec_state_size(void* model, int64_t* bytes) {
    return call([&] { *bytes = of(model).state_size(); });
}

API int32_t courserec_save_state(void* model, uint8_t* out, int64_t bytes) {
    return call([&] { of(model).save(out, bytes); });
}

API int32_t courserec_load_state(void* model, const uint8_t* in, int64_t bytes) {
    return call([&] { of(model).load(in, bytes); });
}
