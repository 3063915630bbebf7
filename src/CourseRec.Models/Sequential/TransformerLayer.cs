using CourseRec.Models.Sequential.Kernels;

namespace CourseRec.Models.Sequential;

/// <summary>One layer's packed weights; a plain layer has no gates.</summary>
internal sealed class TransformerLayer
{
    public TransformerLayer(SequentialParameters parameters, int index)
    {
        var (d, f) = (parameters.Config.Dimension, parameters.Config.FeedForward);
        PackedMatrix Linear(string name, int inputs) =>
            new(parameters[$"layer{index}.{name}.weight"], parameters[$"layer{index}.{name}.bias"], inputs);
        Norm1 = NormOf(parameters, $"layer{index}.norm1");
        Norm2 = NormOf(parameters, $"layer{index}.norm2");
        Qkv = Linear("qkv", d);
        Proj = Linear("proj", d);
        var gated = parameters.Config.Block == SequentialBlock.Gated;
        Up = Linear(gated ? "up" : "ff1", d);
        Down = Linear(gated ? "down" : "ff2", f);
        Gate1 = gated ? Linear("gate1", d) : null;
        Gate2 = gated ? Linear("gate2", d) : null;
    }

    /// <summary>[d].</summary>
    public Norm Norm1 { get; }

    /// <summary>[d] → [3d]: query, key, value.</summary>
    public PackedMatrix Qkv { get; }

    /// <summary>[d] → [d].</summary>
    public PackedMatrix Proj { get; }

    /// <summary>[d] → [d]; gated only.</summary>
    public PackedMatrix? Gate1 { get; }

    /// <summary>[d].</summary>
    public Norm Norm2 { get; }

    /// <summary>Gated: [d] → [2f]; plain: [d] → [f].</summary>
    public PackedMatrix Up { get; }

    /// <summary>[f] → [d].</summary>
    public PackedMatrix Down { get; }

    /// <summary>[d] → [d]; gated only.</summary>
    public PackedMatrix? Gate2 { get; }

    public static Norm NormOf(SequentialParameters parameters, string name) =>
        new(parameters[name + ".weight"].ToArray(), parameters[name + ".bias"].ToArray());
}
