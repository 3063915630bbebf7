namespace CourseRec.Models.Sequential.Kernels;

/// <summary>
/// Scaled dot-product attention (Vaswani et al. 2017) over ragged sequences: a sequence only ever sees its own tokens,
/// so there is no padding to mask. Scratch space of one thread.
/// </summary>
internal sealed class Attention
{
    private AlignedArray<float> _keys;
    private AlignedArray<float> _weights;
    private int _capacity;

    /// <summary>All queries of one sequence.</summary>
    /// <param name="qkv">[n, 3d]: query, key and value of each token.</param>
    /// <param name="shape">d, heads and whether a token sees only what is before it.</param>
    /// <param name="y">[n, d].</param>
    /// <param name="level">The vector width.</param>
    public void All(ReadOnlySpan<float> qkv, AttentionShape shape, Span<float> y, SimdLevel level)
    {
        var (d, size) = (shape.Dimension, shape.HeadSize);
        var n = qkv.Length / (3 * d);
        Reserve(n, size);
        for (var head = 0; head < d; head += size)
        {
            PackKeys(qkv[(d + head)..], n, 3 * d, size);
            for (var row = 0; row < n; row += Product.TileRows)
            {
                var rows = Math.Min(Product.TileRows, n - row);
                var seen = shape.Causal ? row + rows : n;
                var panels = (seen + PanelLayout.Width - 1) / PanelLayout.Width;
                var stride = panels * PanelLayout.Width;
                var weights = _weights.Span[..(rows * stride)]; // [rows, stride]
                Product.Run(
                    new(qkv[(row * 3 * d + head)..], 3 * d, rows, size),
                    _keys.Span,
                    new(PanelLayout.Width, size * PanelLayout.Width),
                    default,
                    weights,
                    stride,
                    panels,
                    level
                );
                for (var i = 0; i < rows; i++)
                    Elementwise.Softmax(weights.Slice(i * stride, stride), shape.Causal ? row + i + 1 : n, shape.Scale);
                Product.Run(
                    new(weights, stride, rows, seen),
                    qkv[(2 * d + head)..],
                    new(3 * d, PanelLayout.Width),
                    default,
                    y[(row * d + head)..],
                    d,
                    size / PanelLayout.Width,
                    level
                );
            }
        }
    }

    /// <summary>The last query of one sequence, which sees every token under either objective.</summary>
    /// <param name="query">[d].</param>
    /// <param name="qkv">[n, 3d]; its queries are not read.</param>
    /// <param name="shape">d and heads.</param>
    /// <param name="y">[d].</param>
    /// <param name="level">The vector width.</param>
    public void Last(
        ReadOnlySpan<float> query,
        ReadOnlySpan<float> qkv,
        AttentionShape shape,
        Span<float> y,
        SimdLevel level
    )
    {
        var (d, size) = (shape.Dimension, shape.HeadSize);
        var n = qkv.Length / (3 * d);
        Reserve(n, size);
        var stride = (n + PanelLayout.Width - 1) / PanelLayout.Width * PanelLayout.Width;
        var weights = _weights.Span[..stride];
        for (var head = 0; head < d; head += size)
        {
            for (var i = 0; i < n; i++)
                weights[i] = Elementwise.Dot(query.Slice(head, size), qkv.Slice(i * 3 * d + d + head, size));
            Elementwise.Softmax(weights, n, shape.Scale);
            Product.Run(
                new(weights, stride, 1, n),
                qkv[(2 * d + head)..],
                new(3 * d, PanelLayout.Width),
                default,
                y.Slice(head, size),
                size,
                size / PanelLayout.Width,
                level
            );
        }
    }

    /// <summary>
    /// keys [n / 16][size][16] from key rows; the last panel's missing keys stay what they were, and are masked.
    /// </summary>
    private void PackKeys(ReadOnlySpan<float> rows, int n, int stride, int size)
    {
        var keys = _keys.Span;
        for (var i = 0; i < n; i++)
        {
            var row = rows.Slice(i * stride, size);
            var panel = keys.Slice(i / PanelLayout.Width * size * PanelLayout.Width, size * PanelLayout.Width);
            for (int c = 0, to = i % PanelLayout.Width; c < row.Length; c++, to += PanelLayout.Width)
                panel[to] = row[c];
        }
    }

    private void Reserve(int tokens, int size)
    {
        var needed = (tokens + PanelLayout.Width - 1) / PanelLayout.Width * PanelLayout.Width;
        if (needed * size <= _keys.Length && needed <= _capacity)
            return;
        _capacity = Math.Max(needed, _capacity);
        _keys = new(_capacity * size);
        _weights = new(_capacity * Product.TileRows);
    }
}

/// <summary>What attention needs to know of a model.</summary>
internal readonly record struct AttentionShape(int Dimension, int Heads, bool Causal)
{
    public int HeadSize => Dimension / Heads;

    public float Scale => 1 / MathF.Sqrt(HeadSize);
}
