using CourseRec.Models.Sequential.Kernels;

namespace CourseRec.Models.Sequential;

/// <summary>
/// What one forward pass writes: activations of T tokens of whole sequences, and the outputs of all B sequences. Grows
/// to the largest pass that it has seen; one thread at a time.
/// </summary>
internal sealed class ForwardBuffers
{
    private AlignedArray<float> _x;
    private AlignedArray<float> _normal;
    private AlignedArray<float> _attended;
    private AlignedArray<float> _branch;
    private AlignedArray<float> _gate;
    private AlignedArray<float> _qkv;
    private AlignedArray<float> _wide;
    private AlignedArray<float> _inner;

    public Attention Attention { get; } = new();

    /// <summary>The residual stream, [T, d].</summary>
    public Span<float> X => _x.Span;

    /// <summary>The stream normalised, [T, d].</summary>
    public Span<float> Normal => _normal.Span;

    /// <summary>Attention's output, [T, d].</summary>
    public Span<float> Attended => _attended.Span;

    /// <summary>A residual branch, [T, d].</summary>
    public Span<float> Branch => _branch.Span;

    /// <summary>A branch's gate, [T, d].</summary>
    public Span<float> Gate => _gate.Span;

    /// <summary>Queries, keys and values, [T, 3d].</summary>
    public Span<float> Qkv => _qkv.Span;

    /// <summary>The feed-forward block before its activation, [T, 2f] (plain: [T, f]).</summary>
    public Span<float> Wide => _wide.Span;

    /// <summary>The gated feed-forward block after its activation, [T, f].</summary>
    public Span<float> Inner => _inner.Span;

    public void Reserve(SequentialConfig config, int tokens)
    {
        var (d, f) = (config.Dimension, config.FeedForward);
        Grow(ref _x, tokens * d);
        Grow(ref _normal, tokens * d);
        Grow(ref _attended, tokens * d);
        Grow(ref _branch, tokens * d);
        Grow(ref _gate, tokens * d);
        Grow(ref _qkv, tokens * 3 * d);
        Grow(ref _wide, tokens * 2 * f);
        Grow(ref _inner, tokens * f);
    }

    public static void Grow<T>(ref AlignedArray<T> array, int length)
        where T : unmanaged
    {
        if (array.Length < length)
            array = new(length);
    }
}
