using CourseRec.Models.Sequential.Kernels;

namespace CourseRec.Models.Sequential;

/// <summary>
/// The forward pass of a sequential recommender, packed for serving; immutable, safe for concurrent use.
/// <para>
/// Cloze with plain layers is BERT4Rec (Sun et al., <i>BERT4Rec: Sequential Recommendation with Bidirectional Encoder
/// Representations from Transformer</i>, CIKM 2019); next-item is SASRec (Kang and McAuley, <i>Self-Attentive
/// Sequential Recommendation</i>, ICDM 2018); gated layers follow LiGR (Borisyuk et al., <i>From Features to
/// Transformers: Redefining Ranking for Scalable Impact</i>, 2025) with SwiGLU (Shazeer 2020).
/// </para>
/// <para>
/// Shapes: T tokens of B whole sequences one after another, d wide, V courses. Only the last token of a sequence is
/// ranked with, so the last layer computes keys and values for all tokens and the rest for B of them: exact for both
/// objectives.
/// </para>
/// </summary>
public sealed class SequentialModel
{
    private readonly SimdLevel _level;
    private readonly float[] _position; // [L, d]
    private readonly Norm? _inputNorm; // [d], plain
    private readonly TransformerLayer[] _layers;
    private readonly PackedMatrix? _head; // [d] → [d], plain
    private readonly Norm _outputNorm; // [d]

    /// <summary>Packs a copy of the parameters.</summary>
    /// <param name="parameters">The weights; later changes to them do not reach this model.</param>
    /// <param name="version">Names this very model, wherever it is served.</param>
    public SequentialModel(SequentialParameters parameters, string version)
        : this(parameters, version, Simd.Widest) { }

    internal SequentialModel(SequentialParameters parameters, string version, SimdLevel level)
    {
        (Config, CourseIds, Version, _level) = (parameters.Config, parameters.CourseIds, version, level);
        var plain = Config.Block == SequentialBlock.Plain;
        Output = new(parameters["item"], parameters["outputBias"], Config.Dimension, level);
        _position = parameters["position"].ToArray();
        _inputNorm = plain ? TransformerLayer.NormOf(parameters, "inputNorm") : null;
        _layers = [.. Enumerable.Range(0, Config.Layers).Select(i => new TransformerLayer(parameters, i))];
        _head = plain ? new(parameters["head.weight"], parameters["head.bias"], Config.Dimension) : null;
        _outputNorm = TransformerLayer.NormOf(parameters, plain ? "headNorm" : "finalNorm");
    }

    /// <summary>The model's shape.</summary>
    public SequentialConfig Config { get; }

    /// <summary>Names this very model.</summary>
    public string Version { get; }

    /// <summary>The vocabulary: course c of the model, 0 … V − 1, is CourseIds[c].</summary>
    public IReadOnlyList<string> CourseIds { get; }

    /// <summary>V.</summary>
    public int CourseCount => CourseIds.Count;

    /// <summary>Embeddings and biases of the courses: the first layer's input and the last one's output.</summary>
    internal OutputTable Output { get; }

    /// <summary>
    /// h of each sequence, such that logits = h · itemᵀ + outputBias.
    /// </summary>
    /// <param name="tokens">Rows of <c>item</c>, [T].</param>
    /// <param name="lengths">Tokens of each sequence, [B], each 1 … L; they sum to T.</param>
    /// <param name="at">Scratch space.</param>
    /// <param name="h">[B, d].</param>
    internal void Forward(ReadOnlySpan<int> tokens, ReadOnlySpan<int> lengths, ForwardBuffers at, Span<float> h)
    {
        at.Reserve(Config, Math.Max(tokens.Length, lengths.Length));
        Embed(tokens, lengths, at.X);
        for (var i = 0; i < _layers.Length; i++)
        {
            var last = i == _layers.Length - 1;
            var rows = Attend(_layers[i], lengths, tokens.Length, last, at); // T, or B after the last layer
            if (_layers[i] is { Gate1: { } gate1, Gate2: { } gate2 } layer)
                GatedBlock(layer, gate1, gate2, rows, at);
            else
                PlainBlock(_layers[i], rows, at);
        }
        Finish(lengths.Length, at, h);
    }

    /// <summary>x = item[token] + position[p]; plain: normalised.</summary>
    private void Embed(ReadOnlySpan<int> tokens, ReadOnlySpan<int> lengths, Span<float> x)
    {
        var (d, t) = (Config.Dimension, 0);
        foreach (var length in lengths)
        {
            var p = Config.Anchor == SequenceAnchor.End ? Config.MaxLength - length : 0;
            for (var end = t + length; t < end; t++, p++)
            {
                Elementwise.Sum(Output.Row(tokens[t]), _position.AsSpan(p * d, d), x.Slice(t * d, d));
            }
        }
        if (_inputNorm is not null)
            Elementwise.LayerNorm(x[..(t * d)], _inputNorm, x);
    }

    /// <summary>
    /// attended = attention(qkv x), or of the norm of x when gated; the last layer keeps the last token of each
    /// sequence only.
    /// </summary>
    private int Attend(TransformerLayer layer, ReadOnlySpan<int> lengths, int count, bool last, ForwardBuffers at)
    {
        var d = Config.Dimension;
        var x = at.X[..(count * d)]; // [T, d]
        var input = x;
        if (Config.Block == SequentialBlock.Gated)
        {
            input = at.Normal[..(count * d)];
            Elementwise.LayerNorm(x, layer.Norm1, input);
        }
        if (last)
            return AttendLast(layer, lengths, count, input, at);
        layer.Qkv.Apply(input, count, at.Qkv, _level); // [T, 3d]
        var shape = new AttentionShape(d, Config.Heads, Config.Objective == SequentialObjective.NextItem);
        var t = 0;
        foreach (var length in lengths)
        {
            at.Attention.All(at.Qkv.Slice(t * 3 * d, length * 3 * d), shape, at.Attended[(t * d)..], _level);
            t += length;
        }
        return count;
    }

    private int AttendLast(
        TransformerLayer layer,
        ReadOnlySpan<int> lengths,
        int count,
        Span<float> input,
        ForwardBuffers at
    )
    {
        var d = Config.Dimension;
        layer.Qkv.Apply(input, count, at.Qkv[d..], 3 * d, d, 2 * d, _level); // keys and values [T, 2d] of [T, 3d]
        KeepLast(lengths, input);
        if (input != at.X[..input.Length])
            KeepLast(lengths, at.X);
        var queries = at.Branch; // [B, d]
        layer.Qkv.Apply(input, lengths.Length, queries, d, 0, d, _level);
        var shape = new AttentionShape(d, Config.Heads, Causal: false);
        var t = 0;
        for (var s = 0; s < lengths.Length; s++)
        {
            var qkv = at.Qkv.Slice(t * 3 * d, lengths[s] * 3 * d);
            at.Attention.Last(queries.Slice(s * d, d), qkv, shape, at.Attended.Slice(s * d, d), _level);
            t += lengths[s];
        }
        return lengths.Length;
    }

    /// <summary>[T, d] to [B, d], in place: the last row of each sequence.</summary>
    private void KeepLast(ReadOnlySpan<int> lengths, Span<float> rows)
    {
        var (d, end) = (Config.Dimension, 0);
        for (var s = 0; s < lengths.Length; s++)
        {
            end += lengths[s];
            rows.Slice((end - 1) * d, d).CopyTo(rows[(s * d)..]);
        }
    }

    /// <summary>
    /// x += sigmoid(gate1 x) · proj(attended); u = up(norm2 x); x += sigmoid(gate2 x) · down(silu(u[..f]) · u[f..]).
    /// </summary>
    private void GatedBlock(TransformerLayer layer, PackedMatrix gate1, PackedMatrix gate2, int rows, ForwardBuffers at)
    {
        var (d, f) = (Config.Dimension, Config.FeedForward);
        var x = at.X[..(rows * d)]; // [rows, d]
        layer.Proj.Apply(at.Attended, rows, at.Branch, _level); // [rows, d]
        gate1.Apply(x, rows, at.Gate, _level); // [rows, d]
        Elementwise.AddGated(x, at.Gate, at.Branch);
        Elementwise.LayerNorm(x, layer.Norm2, at.Normal);
        layer.Up.Apply(at.Normal, rows, at.Wide, _level); // [rows, 2f]
        Elementwise.SwiGlu(at.Wide[..(rows * 2 * f)], f, at.Inner); // [rows, f]
        layer.Down.Apply(at.Inner, rows, at.Branch, _level); // [rows, d]
        gate2.Apply(x, rows, at.Gate, _level); // [rows, d]
        Elementwise.AddGated(x, at.Gate, at.Branch);
    }

    /// <summary>x = norm1(x + proj(attended));  x = norm2(x + ff2(gelu(ff1 x))).</summary>
    private void PlainBlock(TransformerLayer layer, int rows, ForwardBuffers at)
    {
        var (d, f) = (Config.Dimension, Config.FeedForward);
        var x = at.X[..(rows * d)]; // [rows, d]
        layer.Proj.Apply(at.Attended, rows, at.Branch, _level); // [rows, d]
        Elementwise.Sum(x, at.Branch, x);
        Elementwise.LayerNorm(x, layer.Norm1, x);
        layer.Up.Apply(x, rows, at.Wide, _level); // [rows, f]
        Elementwise.Gelu(at.Wide[..(rows * f)]);
        layer.Down.Apply(at.Wide, rows, at.Branch, _level); // [rows, d]
        Elementwise.Sum(x, at.Branch, x);
        Elementwise.LayerNorm(x, layer.Norm2, x);
    }

    /// <summary>plain: h = headNorm(gelu(head x));  gated: h = finalNorm(x).</summary>
    private void Finish(int rows, ForwardBuffers at, Span<float> h)
    {
        var x = at.X[..(rows * Config.Dimension)]; // [B, d]
        if (_head is not null)
        {
            var branch = at.Branch[..x.Length];
            _head.Apply(x, rows, branch, _level);
            Elementwise.Gelu(branch);
            x = branch;
        }
        Elementwise.LayerNorm(x, _outputNorm, h);
    }
}
