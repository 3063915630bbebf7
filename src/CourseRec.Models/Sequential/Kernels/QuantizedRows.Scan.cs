using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace CourseRec.Models.Sequential.Kernels;

// Bytes times bytes: two products to 16 bits, which 2 · 127 · 127 just fits, then two of those to 32 bits.
// (AVX512-VNNI would do it in one instruction, but .NET has only AVX-VNNI.) A tile of four blocks shares the query's
// words and hides each other's latency.
internal sealed partial class QuantizedRows
{
    private void ScanTiles(ReadOnlySpan<int> words, in Query q, TopCandidates candidates)
    {
        Span<int> sums = stackalloc int[TileRows];
        ref var sum = ref MemoryMarshal.GetReference(sums);
        ref var word = ref MemoryMarshal.GetReference(words);
        ref var codes = ref MemoryMarshal.GetReference(_codes.Span);
        ref var facts = ref MemoryMarshal.GetReference(_facts.Span);
        for (var row = 0; row < Courses; row += TileRows)
        {
            if (_level == SimdLevel.Bits512)
                Sum512(ref codes, ref word, words.Length, q.Start, ref sum);
            else
                Sum256(ref codes, ref word, words.Length, q.Start, ref sum);
            codes = ref Unsafe.Add(ref codes, TileRows * _d);
            for (var from = 0; from < TileRows; from += BlockRows)
            {
                var mask =
                    _level == SimdLevel.Bits512
                        ? Check512(ref Unsafe.Add(ref sum, from), ref facts, q, candidates)
                        : Check256(ref Unsafe.Add(ref sum, from), ref facts, q, candidates);
                facts = ref Unsafe.Add(ref facts, Facts * BlockRows);
                if (mask != 0)
                    candidates.Offer(row + from, mask);
            }
        }
    }

    /// <summary>sums[64] = start + Σ code · word of four blocks.</summary>
    private static void Sum512(ref byte codes, ref int words, int count, int start, ref int sums)
    {
        var ones = Vector512<short>.One;
        var s0 = Vector512.Create(start);
        var (s1, s2, s3) = (s0, s0, s0);
        var size = (nuint)count * 64;
        nuint at = 0;
        for (var i = 0; i < count; i++, at += 64)
        {
            var word = Vector512.Create(Unsafe.Add(ref words, i)).AsSByte();
            s0 += Multiply512(Vector512.LoadUnsafe(ref codes, at), word, ones);
            s1 += Multiply512(Vector512.LoadUnsafe(ref codes, at + size), word, ones);
            s2 += Multiply512(Vector512.LoadUnsafe(ref codes, at + 2 * size), word, ones);
            s3 += Multiply512(Vector512.LoadUnsafe(ref codes, at + 3 * size), word, ones);
        }
        s0.StoreUnsafe(ref sums);
        s1.StoreUnsafe(ref sums, 16);
        s2.StoreUnsafe(ref sums, 32);
        s3.StoreUnsafe(ref sums, 48);
    }

    private static void Sum256(ref byte codes, ref int words, int count, int start, ref int sums)
    {
        var ones = Vector256<short>.One;
        var size = (nuint)count * 64;
        for (nuint block = 0; block < TileRows / BlockRows; block++)
        {
            var low = Vector256.Create(start);
            var high = low;
            var at = block * size;
            for (var i = 0; i < count; i++, at += 64)
            {
                var word = Vector256.Create(Unsafe.Add(ref words, i)).AsSByte();
                low += Multiply256(Vector256.LoadUnsafe(ref codes, at), word, ones);
                high += Multiply256(Vector256.LoadUnsafe(ref codes, at + 32), word, ones);
            }
            low.StoreUnsafe(ref sums, block * BlockRows);
            high.StoreUnsafe(ref sums, block * BlockRows + 8);
        }
    }

    /// <summary>
    /// A bit for each of sixteen courses that may reach the threshold; their scores and bounds are left with the
    /// candidates.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Check512(ref int sums, ref float facts, in Query q, TopCandidates candidates)
    {
        var scales = Vector512.LoadUnsafe(ref facts) * q.Scale;
        var bias = Vector512.LoadUnsafe(ref facts, BlockRows);
        var norms = Vector512.LoadUnsafe(ref facts, 2 * BlockRows);
        var errors = Vector512.LoadUnsafe(ref facts, 3 * BlockRows);
        var sum = Vector512.ConvertToSingle(Vector512.LoadUnsafe(ref sums));
        var scores = Vector512.FusedMultiplyAdd(sum, scales, bias);
        var bounds = Vector512.FusedMultiplyAdd(norms, Vector512.Create(q.NormFactor), Vector512.Create(q.Constant));
        bounds = Vector512.FusedMultiplyAdd(errors, Vector512.Create(q.ErrorFactor), bounds);
        var below = Vector512.LessThan(scores + bounds, Vector512.Create(candidates.Threshold));
        var mask = (uint)~below.ExtractMostSignificantBits() & 0xffff;
        if (mask != 0)
            candidates.Hold(scores, bounds);
        return mask;
    }

    private static uint Check256(ref int sums, ref float facts, in Query q, TopCandidates candidates)
    {
        var (low, lowBounds) = Score256(ref sums, ref facts, q);
        var (high, highBounds) = Score256(ref Unsafe.Add(ref sums, 8), ref Unsafe.Add(ref facts, 8), q);
        var threshold = Vector256.Create(candidates.Threshold);
        var below = Vector256.LessThan(low + lowBounds, threshold).ExtractMostSignificantBits();
        below |= Vector256.LessThan(high + highBounds, threshold).ExtractMostSignificantBits() << 8;
        var mask = ~below & 0xffff;
        if (mask != 0)
            candidates.Hold(Vector512.Create(low, high), Vector512.Create(lowBounds, highBounds));
        return mask;
    }

    private static (Vector256<float> Scores, Vector256<float> Bounds) Score256(
        ref int sums,
        ref float facts,
        in Query q
    )
    {
        var scales = Vector256.LoadUnsafe(ref facts) * q.Scale;
        var bias = Vector256.LoadUnsafe(ref facts, BlockRows);
        var norms = Vector256.LoadUnsafe(ref facts, 2 * BlockRows);
        var errors = Vector256.LoadUnsafe(ref facts, 3 * BlockRows);
        var sum = Vector256.ConvertToSingle(Vector256.LoadUnsafe(ref sums));
        var bounds = Vector256.FusedMultiplyAdd(norms, Vector256.Create(q.NormFactor), Vector256.Create(q.Constant));
        bounds = Vector256.FusedMultiplyAdd(errors, Vector256.Create(q.ErrorFactor), bounds);
        return (Vector256.FusedMultiplyAdd(sum, scales, bias), bounds);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<int> Multiply512(Vector512<byte> codes, Vector512<sbyte> word, Vector512<short> ones) =>
        Avx512BW.MultiplyAddAdjacent(Avx512BW.MultiplyAddAdjacent(codes, word), ones);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Multiply256(Vector256<byte> codes, Vector256<sbyte> word, Vector256<short> ones) =>
        Avx2.MultiplyAddAdjacent(Avx2.MultiplyAddAdjacent(codes, word), ones);
}
