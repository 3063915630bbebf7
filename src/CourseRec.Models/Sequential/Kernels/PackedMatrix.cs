namespace CourseRec.Models.Sequential.Kernels;

/// <summary>
/// Where the right-hand side of a product lies: element (k, n) of a [K, N] matrix at k · Row + (n / 16) · Panel + n %
/// 16. A panel is 16 outputs wide: one vector of 512 bits, two of 256, four of 128.
/// </summary>
internal readonly record struct PanelLayout(int Row, int Panel)
{
    public const int Width = 16;
}

/// <summary>The weights of y = W x + b, packed for <see cref="Product"/>: [N / 16][K][16].</summary>
internal sealed class PackedMatrix
{
    private readonly AlignedArray<float> _weights;
    private readonly AlignedArray<float> _bias;

    /// <param name="weights">W, [outputs, inputs].</param>
    /// <param name="bias">b, [outputs].</param>
    /// <param name="inputs">K.</param>
    public PackedMatrix(ReadOnlySpan<float> weights, ReadOnlySpan<float> bias, int inputs)
    {
        (Inputs, Outputs) = (inputs, bias.Length);
        _weights = new(weights.Length);
        _bias = new(bias.Length);
        bias.CopyTo(_bias.Span);
        var packed = _weights.Span;
        for (var n = 0; n < Outputs; n++)
        for (var k = 0; k < inputs; k++)
            packed[n / PanelLayout.Width * Layout.Panel + k * Layout.Row + n % PanelLayout.Width] = weights[
                n * inputs + k
            ];
    }

    public int Inputs { get; }

    public int Outputs { get; }

    private PanelLayout Layout => new(PanelLayout.Width, Inputs * PanelLayout.Width);

    /// <summary>y[t, n] = Σ_k x[t, k] W[from + n, k] + b[from + n], for n = 0 … count − 1.</summary>
    /// <param name="x">[rows, Inputs].</param>
    /// <param name="rows">T.</param>
    /// <param name="y">[rows, stride], its first columns written.</param>
    /// <param name="stride">Values from one row of y to the next.</param>
    /// <param name="from">The first output, a multiple of 16.</param>
    /// <param name="count">How many outputs, a multiple of 16.</param>
    /// <param name="level">The vector width.</param>
    public void Apply(
        ReadOnlySpan<float> x,
        int rows,
        Span<float> y,
        int stride,
        int from,
        int count,
        SimdLevel level
    ) =>
        Product.Run(
            new(x, Inputs, rows, Inputs),
            _weights.Span[(from * Inputs)..],
            Layout,
            _bias.Span.Slice(from, count),
            y,
            stride,
            count / PanelLayout.Width,
            level
        );

    /// <summary>y = W x + b for each row; y is [rows, Outputs].</summary>
    public void Apply(ReadOnlySpan<float> x, int rows, Span<float> y, SimdLevel level) =>
        Apply(x, rows, y, Outputs, 0, Outputs, level);
}
