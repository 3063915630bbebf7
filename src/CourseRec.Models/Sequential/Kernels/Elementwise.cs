using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace CourseRec.Models.Sequential.Kernels;

/// <summary>
/// Normalisation, activations and dot products over rows whose width is a multiple of 16, in <see cref="Vector{T}"/>: as wide as
/// half the widest multiplier, which is all that these are worth.
/// </summary>
internal static class Elementwise
{
    private const float NormEpsilon = 1e-5f;

    /// <summary>y = (x − mean) / √(variance + 1e−5) · weight + bias for each row; x and y may be the same.</summary>
    public static void LayerNorm(ReadOnlySpan<float> x, Norm norm, Span<float> y)
    {
        var d = norm.Weight.Length;
        for (var from = 0; from < x.Length; from += d)
        {
            var row = x.Slice(from, d);
            var result = y.Slice(from, d);
            var sum = Vector<float>.Zero;
            for (var i = 0; i < d; i += Vector<float>.Count)
                sum += new Vector<float>(row[i..]);
            var mean = new Vector<float>(Vector.Sum(sum) / d);
            var squares = Vector<float>.Zero;
            for (var i = 0; i < d; i += Vector<float>.Count)
            {
                var off = new Vector<float>(row[i..]) - mean;
                squares = Vector.FusedMultiplyAdd(off, off, squares);
            }
            var scale = new Vector<float>(1 / MathF.Sqrt(Vector.Sum(squares) / d + NormEpsilon));
            for (var i = 0; i < d; i += Vector<float>.Count)
            {
                var normal = (new Vector<float>(row[i..]) - mean) * scale;
                Vector.FusedMultiplyAdd(normal, new(norm.Weight, i), new(norm.Bias, i)).CopyTo(result[i..]);
            }
        }
    }

    /// <summary>x += y.</summary>
    public static void Add(Span<float> x, ReadOnlySpan<float> y)
    {
        for (var i = 0; i < x.Length; i += Vector<float>.Count)
            (new Vector<float>(x[i..]) + new Vector<float>(y[i..])).CopyTo(x[i..]);
    }

    /// <summary>x += sigmoid(gate) · y.</summary>
    public static void AddGated(Span<float> x, ReadOnlySpan<float> gate, ReadOnlySpan<float> y)
    {
        for (var i = 0; i < x.Length; i += Vector<float>.Count)
        {
            var open = Sigmoid(new Vector<float>(gate[i..]));
            Vector.FusedMultiplyAdd(open, new(y[i..]), new(x[i..])).CopyTo(x[i..]);
        }
    }

    /// <summary>SwiGLU (Shazeer 2020): from rows [a | b] of width 2f to rows silu(a) · b of width f.</summary>
    public static void SwiGlu(ReadOnlySpan<float> u, int f, Span<float> y)
    {
        for (var (from, to) = (0, 0); from < u.Length; from += 2 * f, to += f)
        for (var i = 0; i < f; i += Vector<float>.Count)
        {
            var a = new Vector<float>(u[(from + i)..]);
            (a * Sigmoid(a) * new Vector<float>(u[(from + f + i)..])).CopyTo(y[(to + i)..]);
        }
    }

    /// <summary>
    /// x = x · Φ(x), the exact form of GELU, with erf by Abramowitz and Stegun 7.1.26 (absolute error 1.5e−7).
    /// </summary>
    public static void Gelu(Span<float> x)
    {
        for (var i = 0; i < x.Length; i += Vector<float>.Count)
        {
            var v = new Vector<float>(x[i..]);
            var z = Vector.Abs(v) * 0.70710678f;
            var t = Vector<float>.One / Vector.FusedMultiplyAdd(z, new(0.3275911f), Vector<float>.One);
            var p = Vector.FusedMultiplyAdd(new(1.061405429f), t, new(-1.453152027f));
            p = Vector.FusedMultiplyAdd(p, t, new(1.421413741f));
            p = Vector.FusedMultiplyAdd(p, t, new(-0.284496736f));
            p = Vector.FusedMultiplyAdd(p, t, new(0.254829592f));
            var erf = Vector<float>.One - p * t * Exp(-z * z);
            (0.5f * Vector.FusedMultiplyAdd(Vector.Abs(v), erf, v)).CopyTo(x[i..]);
        }
    }

    /// <summary>
    /// Attention weights in place: softmax(scale · x) over the first <paramref name="count"/> values, below 1e−37 in the rest.
    /// </summary>
    public static void Softmax(Span<float> x, int count, float scale)
    {
        x[count..].Fill(float.NegativeInfinity);
        var highest = new Vector<float>(float.NegativeInfinity);
        for (var i = 0; i < x.Length; i += Vector<float>.Count)
            highest = Vector.Max(highest, new Vector<float>(x[i..]));
        var top = float.NegativeInfinity;
        for (var i = 0; i < Vector<float>.Count; i++)
            top = MathF.Max(top, highest[i]);
        var (shift, sum) = (new Vector<float>(top), Vector<float>.Zero);
        for (var i = 0; i < x.Length; i += Vector<float>.Count)
        {
            var weight = Exp((new Vector<float>(x[i..]) - shift) * scale);
            sum += weight;
            weight.CopyTo(x[i..]);
        }
        var share = new Vector<float>(1 / Vector.Sum(sum));
        for (var i = 0; i < x.Length; i += Vector<float>.Count)
            (new Vector<float>(x[i..]) * share).CopyTo(x[i..]);
    }

    /// <summary>Σ a·b, always summed in the same order.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Dot(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        ref var x = ref MemoryMarshal.GetReference(a);
        ref var y = ref MemoryMarshal.GetReference(b[..a.Length]);
        var sum = Vector<float>.Zero;
        for (nuint i = 0; i < (nuint)a.Length; i += (nuint)Vector<float>.Count)
            sum = Vector.FusedMultiplyAdd(Vector.LoadUnsafe(ref x, i), Vector.LoadUnsafe(ref y, i), sum);
        return Vector.Sum(sum);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<float> Sigmoid(Vector<float> x) => Vector<float>.One / (Vector<float>.One + Exp(-x));

    /// <summary>
    /// e^x within 2 ulp for x in [−87, 88], clamped there: 2^n · p(r), x = n ln 2 + r, with n read from the low bits of a sum that has
    /// no room for a fraction. −∞ gives e^−87, which is 0 beside any weight that matters.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<float> Exp(Vector<float> x)
    {
        x = Vector.Min(Vector.Max(x, new(-87f)), new(88f));
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
