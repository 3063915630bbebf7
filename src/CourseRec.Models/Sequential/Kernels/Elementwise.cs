using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace CourseRec.Models.Sequential.Kernels;

/// <summary>
/// Normalisation, activations and dot products over rows whose width is a multiple of 16, in <see cref="Vector{T}"/>:
/// as wide as half the widest multiplier, which is all that these are worth.
/// </summary>
internal static class Elementwise
{
    private const float NormEpsilon = 1e-5f;

    private static int Step => Vector<float>.Count;

    /// <summary>y = (x − mean) / √(variance + 1e−5) · weight + bias for each row; x and y may be the same.</summary>
    public static void LayerNorm(ReadOnlySpan<float> x, Norm norm, Span<float> y)
    {
        var d = norm.Weight.Length;
        ref var weight = ref First(norm.Weight, d);
        ref var bias = ref First(norm.Bias, d);
        for (var from = 0; from < x.Length; from += d)
        {
            ref var row = ref First(x[from..], d);
            ref var result = ref First(y[from..], d);
            var sum = Vector<float>.Zero;
            for (var i = 0; i < d; i += Step)
                sum += Load(ref row, i);
            var mean = new Vector<float>(Vector.Sum(sum) / d);
            var squares = Vector<float>.Zero;
            for (var i = 0; i < d; i += Step)
            {
                var off = Load(ref row, i) - mean;
                squares = Vector.FusedMultiplyAdd(off, off, squares);
            }
            var scale = new Vector<float>(1 / MathF.Sqrt(Vector.Sum(squares) / d + NormEpsilon));
            for (var i = 0; i < d; i += Step)
            {
                var normal = (Load(ref row, i) - mean) * scale;
                Store(Vector.FusedMultiplyAdd(normal, Load(ref weight, i), Load(ref bias, i)), ref result, i);
            }
        }
    }

    /// <summary>y = a + b; y may be either of them.</summary>
    public static void Sum(ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> y)
    {
        ref var first = ref First(a, a.Length);
        ref var second = ref First(b, a.Length);
        ref var result = ref First(y, a.Length);
        for (var i = 0; i < a.Length; i += Step)
            Store(Load(ref first, i) + Load(ref second, i), ref result, i);
    }

    /// <summary>x += sigmoid(gate) · y.</summary>
    public static void AddGated(Span<float> x, ReadOnlySpan<float> gate, ReadOnlySpan<float> y)
    {
        ref var result = ref First(x, x.Length);
        ref var gates = ref First(gate, x.Length);
        ref var branch = ref First(y, x.Length);
        for (var i = 0; i < x.Length; i += Step)
        {
            var open = Sigmoid(Load(ref gates, i));
            Store(Vector.FusedMultiplyAdd(open, Load(ref branch, i), Load(ref result, i)), ref result, i);
        }
    }

    /// <summary>SwiGLU (Shazeer 2020): from rows [a | b] of width 2f to rows silu(a) · b of width f.</summary>
    public static void SwiGlu(ReadOnlySpan<float> u, int f, Span<float> y)
    {
        for (var (from, to) = (0, 0); from < u.Length; from += 2 * f, to += f)
        {
            ref var left = ref First(u[from..], f);
            ref var right = ref First(u[(from + f)..], f);
            ref var result = ref First(y[to..], f);
            for (var i = 0; i < f; i += Step)
            {
                var a = Load(ref left, i);
                Store(a * Load(ref right, i) / (Vector<float>.One + Exp(-a)), ref result, i);
            }
        }
    }

    /// <summary>
    /// x = x · Φ(x), the exact form of GELU, with erf by Abramowitz and Stegun 7.1.26 (absolute error 1.5e−7).
    /// </summary>
    public static void Gelu(Span<float> x)
    {
        ref var values = ref First(x, x.Length);
        for (var i = 0; i < x.Length; i += Step)
        {
            var v = Load(ref values, i);
            var size = Vector.Abs(v);
            var z = size * 0.70710678f;
            var t = Vector<float>.One / Vector.FusedMultiplyAdd(z, new(0.3275911f), Vector<float>.One);
            var p = Vector.FusedMultiplyAdd(new(1.061405429f), t, new(-1.453152027f));
            p = Vector.FusedMultiplyAdd(p, t, new(1.421413741f));
            p = Vector.FusedMultiplyAdd(p, t, new(-0.284496736f));
            p = Vector.FusedMultiplyAdd(p, t, new(0.254829592f));
            var erf = Vector<float>.One - p * t * Exp(-z * z);
            Store(0.5f * Vector.FusedMultiplyAdd(size, erf, v), ref values, i);
        }
    }

    /// <summary>
    /// Attention weights in place: softmax(scale · x) over the first <paramref name="count"/> values, below 1e−37 in
    /// the rest.
    /// </summary>
    public static void Softmax(Span<float> x, int count, float scale)
    {
        ref var values = ref First(x, x.Length);
        var lowest = new Vector<float>(float.NegativeInfinity);
        var highest = lowest;
        for (var i = 0; i < x.Length; i += Step)
        {
            var seen = Vector.LessThan(Vector<float>.Indices, new Vector<float>(count - i));
            var value = Vector.ConditionalSelect(seen, Load(ref values, i), lowest);
            highest = Vector.MaxNative(highest, value);
            Store(value, ref values, i);
        }
        var shift = new Vector<float>(Highest(highest));
        var sum = Vector<float>.Zero;
        for (var i = 0; i < x.Length; i += Step)
        {
            var weight = Exp((Load(ref values, i) - shift) * scale);
            sum += weight;
            Store(weight, ref values, i);
        }
        var share = new Vector<float>(1 / Vector.Sum(sum));
        for (var i = 0; i < x.Length; i += Step)
            Store(Load(ref values, i) * share, ref values, i);
    }

    /// <summary>Σ a·b, always summed in the same order.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Dot(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        ref var x = ref First(a, a.Length);
        ref var y = ref First(b, a.Length);
        var sum = Vector<float>.Zero;
        for (var i = 0; i < a.Length; i += Step)
            sum = Vector.FusedMultiplyAdd(Load(ref x, i), Load(ref y, i), sum);
        return Vector.Sum(sum);
    }

    /// <summary>
    /// The first of at least <paramref name="count"/> values: what follows reads that many, unchecked.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ref float First(ReadOnlySpan<float> values, int count) =>
        ref MemoryMarshal.GetReference(values[..count]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<float> Load(ref float values, int at) => Vector.LoadUnsafe(ref values, (nuint)at);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector<float> value, ref float values, int at) =>
        value.StoreUnsafe(ref values, (nuint)at);

    /// <summary>The largest element.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Highest(Vector<float> x)
    {
        var four =
            Vector<float>.Count == 8
                ? Vector128.MaxNative(x.AsVector256().GetLower(), x.AsVector256().GetUpper())
                : x.AsVector128();
        four = Vector128.MaxNative(four, Vector128.Shuffle(four, Vector128.Create(2, 3, 0, 1)));
        return float.MaxNative(four[0], four[1]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<float> Sigmoid(Vector<float> x) => Vector<float>.One / (Vector<float>.One + Exp(-x));

    /// <summary>
    /// e^x within 2 ulp for x in [−87, 88], clamped there: 2^n · p(r), x = n ln 2 + r, with n read from the low bits
    /// of a sum that has no room for a fraction. −∞ gives e^−87, which is 0 beside any weight that matters.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<float> Exp(Vector<float> x)
    {
        x = Vector.MinNative(Vector.MaxNative(x, new(-87f)), new(88f));
        var shifter = new Vector<float>(12582912f);
        var shifted = Vector.FusedMultiplyAdd(x, new(1.44269504f), shifter);
        var n = shifted - shifter;
        var r = Vector.FusedMultiplyAdd(n, new(-0.693145752f), x);
        r = Vector.FusedMultiplyAdd(n, new(-1.42860677e-6f), r);
        var p = Vector.FusedMultiplyAdd(new(1.98756915e-4f), r, new(1.39819995e-3f));
        p = Vector.FusedMultiplyAdd(p, r, new(8.33345205e-3f));
        p = Vector.FusedMultiplyAdd(p, r, new(4.16657962e-2f));
        p = Vector.FusedMultiplyAdd(p, r, new(1.66666657e-1f));
        p = Vector.FusedMultiplyAdd(p, r, new(0.5f));
        p = Vector.FusedMultiplyAdd(p * r, r, r) + Vector<float>.One;
        return Vector.AsVectorSingle(Vector.AsVectorInt32(p) + Vector.ShiftLeft(Vector.AsVectorInt32(shifted), 23));
    }
}
