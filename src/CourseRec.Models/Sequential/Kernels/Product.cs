using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace CourseRec.Models.Sequential.Kernels;

/// <summary>The left-hand side of a product: rows of inputs, a stride apart.</summary>
internal readonly ref struct ProductRows(ReadOnlySpan<float> values, int stride, int rows, int inputs)
{
    public readonly ReadOnlySpan<float> Values = values;
    public readonly int Stride = stride;
    public readonly int Rows = rows;
    public readonly int Inputs = inputs;
}

/// <summary>
/// Y = X · W + b for small matrices. Every output is one chain of fused multiply-adds over k, first to last, from b,
/// whatever the vector width and however rows are grouped: a row's result is the same bits in every batch. Kernels;
/// unchecked references within, every bound checked in <see cref="Run"/>.
/// </summary>
internal static partial class Product
{
    /// <summary>The rows that one tile takes.</summary>
    public const int TileRows = 4;

    /// <summary>Computes all panels of all rows.</summary>
    /// <param name="x">X, [T, K].</param>
    /// <param name="w">W, laid out as <paramref name="layout"/> says, [K, 16 · panels].</param>
    /// <param name="layout">Where an element of W stands.</param>
    /// <param name="bias">b, [16 · panels], or empty for none.</param>
    /// <param name="y">Y, [T, stride].</param>
    /// <param name="stride">Values from one row of Y to the next.</param>
    /// <param name="panels">N / 16.</param>
    /// <param name="level">The vector width.</param>
    public static void Run(
        ProductRows x,
        ReadOnlySpan<float> w,
        PanelLayout layout,
        ReadOnlySpan<float> bias,
        Span<float> y,
        int stride,
        int panels,
        SimdLevel level
    )
    {
        if (x.Rows == 0 || panels == 0)
            return;
        var width = panels * PanelLayout.Width;
        _ = x.Values[(x.Rows - 1) * x.Stride + x.Inputs - 1];
        _ = w[(panels - 1) * layout.Panel + (x.Inputs - 1) * layout.Row + PanelLayout.Width - 1];
        _ = y[(x.Rows - 1) * stride + width - 1];
        if (!bias.IsEmpty)
            _ = bias[width - 1];
        var task = new Tiles
        {
            X = ref MemoryMarshal.GetReference(x.Values),
            W = ref MemoryMarshal.GetReference(w),
            Y = ref MemoryMarshal.GetReference(y),
            Bias = ref MemoryMarshal.GetReference(bias),
            XStride = (nuint)x.Stride,
            YStride = (nuint)stride,
            WRow = (nuint)layout.Row,
            WPanel = (nuint)layout.Panel,
            Inputs = (nuint)x.Inputs,
        };
        switch (level)
        {
            case SimdLevel.Bits512:
                Run512(task, x.Rows, panels);
                break;
            case SimdLevel.Bits256:
                Run256(task, x.Rows, panels);
                break;
            default:
                Run128(task, x.Rows, panels);
                break;
        }
    }

    private ref struct Tiles
    {
        public ref float X;
        public ref float W;
        public ref float Y;
        public ref float Bias;
        public nuint XStride;
        public nuint YStride;
        public nuint WRow;
        public nuint WPanel;
        public nuint Inputs;
    }
}
