using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace CourseRec.Models.Sequential.Kernels;

// Bytes times bytes: two products to 16 bits, which 2 · 127 · 127 just fits, then two of those to 32 bits. (AVX512-VNNI would do it in one
// instruction, but .NET has only AVX-VNNI.) Four blocks at a time share the query's words and hide each other's latency.
internal sealed partial class QuantizedRows
{
    private void Scan512(ReadOnlySpan<int> query, in Query q, TopCandidates candidates)
    {
        ref var codes = ref MemoryMarshal.GetReference(_codes.Span);
        ref var words = ref MemoryMarshal.GetReference(query);
        var (ones, start) = (Vector512<short>.One, Vector512.Create(q.Start));
        var size = (nuint)(BlockRows * _d);
        var block = 0;
        for (; block + 4 <= _blocks; block += 4)
        {
            ref var c = ref Unsafe.Add(ref codes, (nuint)block * size);
            var (s0, s1, s2, s3) = (start, start, start, start);
            nuint at = 0;
            for (var i = 0; i < query.Length; i++, at += 64)
            {
                var word = Vector512.Create(Unsafe.Add(ref words, i)).AsSByte();
                s0 += Multiply512(Vector512.LoadUnsafe(ref c, at), word, ones);
                s1 += Multiply512(Vector512.LoadUnsafe(ref c, at + size), word, ones);
                s2 += Multiply512(Vector512.LoadUnsafe(ref c, at + 2 * size), word, ones);
                s3 += Multiply512(Vector512.LoadUnsafe(ref c, at + 3 * size), word, ones);
            }
            Offer512(block, s0, q, candidates);
            Offer512(block + 1, s1, q, candidates);
            Offer512(block + 2, s2, q, candidates);
            Offer512(block + 3, s3, q, candidates);
        }
        for (; block < _blocks; block++)
        {
            var sum = start;
            var at = (nuint)block * size;
            for (var i = 0; i < query.Length; i++, at += 64)
                sum += Multiply512(
                    Vector512.LoadUnsafe(ref codes, at),
                    Vector512.Create(Unsafe.Add(ref words, i)).AsSByte(),
                    ones
                );
            Offer512(block, sum, q, candidates);
        }
    }

    private void Scan256(ReadOnlySpan<int> query, in Query q, TopCandidates candidates)
    {
        ref var codes = ref MemoryMarshal.GetReference(_codes.Span);
        ref var words = ref MemoryMarshal.GetReference(query);
        var (ones, start) = (Vector256<short>.One, Vector256.Create(q.Start));
        nuint at = 0;
        for (var block = 0; block < _blocks; block++)
        {
            var (low, high) = (start, start);
            for (var i = 0; i < query.Length; i++, at += 64)
            {
                var word = Vector256.Create(Unsafe.Add(ref words, i)).AsSByte();
                low += Multiply256(Vector256.LoadUnsafe(ref codes, at), word, ones);
                high += Multiply256(Vector256.LoadUnsafe(ref codes, at + 32), word, ones);
            }
            Offer256(block, 0, low, q, candidates);
            Offer256(block, BlockRows / 2, high, q, candidates);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<int> Multiply512(Vector512<byte> codes, Vector512<sbyte> word, Vector512<short> ones) =>
        Avx512BW.MultiplyAddAdjacent(Avx512BW.MultiplyAddAdjacent(codes, word), ones);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Multiply256(Vector256<byte> codes, Vector256<sbyte> word, Vector256<short> ones) =>
        Avx2.MultiplyAddAdjacent(Avx2.MultiplyAddAdjacent(codes, word), ones);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Offer512(int block, Vector512<int> sums, in Query q, TopCandidates candidates)
    {
        var from = (nuint)(block * BlockRows);
        var scales = Vector512.LoadUnsafe(ref First(_scales), from) * q.Scale;
        var bias = Vector512.LoadUnsafe(ref First(_bias), from);
        var scores = Vector512.FusedMultiplyAdd(Vector512.ConvertToSingle(sums), scales, bias);
        var bounds = Vector512.FusedMultiplyAdd(
            Vector512.LoadUnsafe(ref First(_norms), from),
            Vector512.Create(q.NormFactor),
            Vector512.Create(q.Constant)
        );
        bounds = Vector512.FusedMultiplyAdd(
            Vector512.LoadUnsafe(ref First(_errors), from),
            Vector512.Create(q.ErrorFactor),
            bounds
        );
        var below = Vector512.LessThan(scores + bounds, Vector512.Create(candidates.Threshold));
        var mask = (uint)~below.ExtractMostSignificantBits() & 0xffff;
        if (mask == 0)
            return;
        scores.StoreUnsafe(ref First(candidates.Scores));
        bounds.StoreUnsafe(ref First(candidates.Bounds));
        candidates.Offer((int)from, mask);
    }

    private void Offer256(int block, int half, Vector256<int> sums, in Query q, TopCandidates candidates)
    {
        var from = (nuint)(block * BlockRows + half);
        var scales = Vector256.LoadUnsafe(ref First(_scales), from) * q.Scale;
        var bias = Vector256.LoadUnsafe(ref First(_bias), from);
        var scores = Vector256.FusedMultiplyAdd(Vector256.ConvertToSingle(sums), scales, bias);
        var bounds = Vector256.FusedMultiplyAdd(
            Vector256.LoadUnsafe(ref First(_norms), from),
            Vector256.Create(q.NormFactor),
            Vector256.Create(q.Constant)
        );
        bounds = Vector256.FusedMultiplyAdd(
            Vector256.LoadUnsafe(ref First(_errors), from),
            Vector256.Create(q.ErrorFactor),
            bounds
        );
        var below = Vector256.LessThan(scores + bounds, Vector256.Create(candidates.Threshold));
        var mask = ~below.ExtractMostSignificantBits() & 0xff;
        if (mask == 0)
            return;
        scores.StoreUnsafe(ref First(candidates.Scores));
        bounds.StoreUnsafe(ref First(candidates.Bounds));
        candidates.Offer((int)from, mask);
    }

    private static ref float First(AlignedArray<float> array) => ref MemoryMarshal.GetReference(array.Span);
}
