using System.Runtime.InteropServices;

namespace CourseRec.Models.Sequential.Kernels;

/// <summary>
/// The courses' rows in 7 bits, for finding which of them can be among the best k at all. A row is scale · code +
/// error, and so is the query; then
/// <code>|h · row − scales · (codes · codes)| ≤ ‖h‖ ‖row error‖ + ‖query error‖ ‖row codes‖ + rounding</code>
/// where the rounding of all sums is bounded by (d + 16) · 2⁻²³ of the terms' norms. Kernels; bounds are checked by
/// construction.
/// </summary>
internal sealed partial class QuantizedRows
{
    /// <summary>Rows in a block: [d / 4][16][4] bytes, so that one vector holds four columns of sixteen rows.</summary>
    public const int BlockRows = 16;

    private const int MaxCode = 63;
    private const int CodeOffset = 64;
    private const int MaxQueryCode = 127;

    private const int TileRows = 4 * BlockRows;
    private const int Facts = 4;

    private readonly int _d;
    private readonly SimdLevel _level;
    private readonly AlignedArray<byte> _codes; // [V / 16][d / 4][16][4], offset by 64
    private readonly AlignedArray<float> _facts; // [V / 16][4][16]: scale, bias, norm, error; V rounded up to whole tiles
    private readonly float _rounding;
    private readonly float _highestBias;

    /// <param name="rows">[V, d].</param>
    /// <param name="bias">[V].</param>
    /// <param name="d">d.</param>
    /// <param name="level">256 or 512 bits.</param>
    public QuantizedRows(ReadOnlySpan<float> rows, ReadOnlySpan<float> bias, int d, SimdLevel level)
    {
        (_d, _level, Courses) = (d, level, bias.Length);
        var padded = (Courses + TileRows - 1) / TileRows * TileRows;
        _codes = new(padded * d);
        _facts = new(padded * Facts);
        _rounding = (d + 16) * MathF.Pow(2, -23);
        foreach (var value in bias)
            _highestBias = MathF.Max(_highestBias, MathF.Abs(value));
        for (var row = 0; row < Courses; row++)
            Pack(row, rows.Slice(row * d, d), bias[row]);
    }

    /// <summary>V.</summary>
    public int Courses { get; }

    /// <summary>
    /// Offers every course that can be among the best to <paramref name="candidates"/>, in ascending order.
    /// </summary>
    /// <param name="h">[d].</param>
    /// <param name="codes">Scratch space, [d].</param>
    /// <param name="candidates">Takes them; its threshold is read as it rises.</param>
    public void Scan(ReadOnlySpan<float> h, Span<sbyte> codes, TopCandidates candidates)
    {
        var query = Quantize(h, codes[.._d]);
        var words = MemoryMarshal.Cast<sbyte, int>(codes[.._d]); // four columns each
        ScanTiles(words, query, candidates);
    }

    private Query Quantize(ReadOnlySpan<float> h, Span<sbyte> codes)
    {
        var highest = 0f;
        foreach (var value in h)
            highest = MathF.Max(highest, MathF.Abs(value));
        var scale = highest / MaxQueryCode;
        var inverse = scale > 0 ? 1 / scale : 0;
        var (norm, error, sum) = (0d, 0d, 0);
        for (var i = 0; i < h.Length; i++)
        {
            var code = (int)MathF.Round(Math.Clamp(h[i] * inverse, -MaxQueryCode, MaxQueryCode));
            codes[i] = (sbyte)code;
            sum += code;
            var off = h[i] - (double)scale * code;
            norm += (double)h[i] * h[i];
            error += off * off;
        }
        return QueryOf(scale, Math.Sqrt(norm), Math.Sqrt(error), sum);
    }

    private void Pack(int row, ReadOnlySpan<float> values, float bias)
    {
        var highest = 0f;
        foreach (var value in values)
            highest = MathF.Max(highest, MathF.Abs(value));
        var scale = highest / MaxCode;
        var inverse = scale > 0 ? 1 / scale : 0;
        var block = _codes.Span.Slice(row / BlockRows * BlockRows * _d, BlockRows * _d);
        var (norm, error) = (0d, 0d);
        for (var i = 0; i < values.Length; i++)
        {
            var code = (int)MathF.Round(Math.Clamp(values[i] * inverse, -MaxCode, MaxCode));
            block[i / 4 * 4 * BlockRows + row % BlockRows * 4 + i % 4] = (byte)(code + CodeOffset);
            var off = values[i] - (double)scale * code;
            norm += Math.Max((double)values[i] * values[i], (double)scale * scale * code * code);
            error += off * off;
        }
        var facts = _facts.Span[(row / BlockRows * Facts * BlockRows + row % BlockRows)..];
        facts[0] = scale;
        facts[BlockRows] = bias;
        facts[2 * BlockRows] = (float)Math.Sqrt(norm);
        facts[3 * BlockRows] = (float)Math.Sqrt(error);
    }

    /// <summary>The factors of the error bound, with room for the rounding of the bound itself.</summary>
    private Query QueryOf(float scale, double norm, double error, int sum)
    {
        const double Room = 1.0001;
        return new(
            scale,
            (float)(norm * Room),
            (float)((error + _rounding * (norm + error)) * Room),
            (float)(_rounding * _highestBias * Room + 1e-36),
            -CodeOffset * sum
        );
    }

    /// <summary>
    /// A score is within ErrorFactor · row error + NormFactor · row norm + Constant of Scale · row scale · (Start +
    /// codes · codes) + bias.
    /// </summary>
    private readonly record struct Query(float Scale, float ErrorFactor, float NormFactor, float Constant, int Start);
}
