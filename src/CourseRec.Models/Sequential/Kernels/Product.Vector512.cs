using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace CourseRec.Models.Sequential.Kernels;

// 4 rows × 2 panels: eight accumulators hide the latency of one fused multiply-add a cycle. A single row takes four
// panels at once.
internal static partial class Product
{
    private static void Run512(in Tiles t, int rows, int panels)
    {
        var row = 0;
        for (var p = 0; p + 2 <= panels; p += 2)
        for (row = 0; row + TileRows <= rows; row += TileRows)
            Tile4X2(t, (nuint)row, (nuint)p);
        if (panels % 2 == 1)
            for (row = 0; row + TileRows <= rows; row += TileRows)
                Tile4X1(t, (nuint)row, (nuint)panels - 1);
        for (row = rows / TileRows * TileRows; row < rows; row++)
        {
            var p = 0;
            for (; p + 4 <= panels; p += 4)
                Tile1X4(t, (nuint)row, (nuint)p);
            for (; p < panels; p++)
                Tile1X1(t, (nuint)row, (nuint)p);
        }
    }

    private static void Tile4X2(in Tiles t, nuint row, nuint panel)
    {
        ref var x0 = ref Unsafe.Add(ref t.X, row * t.XStride);
        ref var x1 = ref Unsafe.Add(ref x0, t.XStride);
        ref var x2 = ref Unsafe.Add(ref x1, t.XStride);
        ref var x3 = ref Unsafe.Add(ref x2, t.XStride);
        ref var wa = ref Unsafe.Add(ref t.W, panel * t.WPanel);
        ref var wb = ref Unsafe.Add(ref wa, t.WPanel);
        var (a0, b0) = (Bias512(t, panel), Bias512(t, panel + 1));
        var (a1, a2, a3, b1, b2, b3) = (a0, a0, a0, b0, b0, b0);
        nuint at = 0;
        var (inputs, step) = (t.Inputs, t.WRow);
        for (nuint k = 0; k < inputs; k++, at += step)
        {
            var va = Vector512.LoadUnsafe(ref wa, at);
            var vb = Vector512.LoadUnsafe(ref wb, at);
            var v0 = Vector512.Create(Unsafe.Add(ref x0, k));
            a0 = Vector512.FusedMultiplyAdd(v0, va, a0);
            b0 = Vector512.FusedMultiplyAdd(v0, vb, b0);
            var v1 = Vector512.Create(Unsafe.Add(ref x1, k));
            a1 = Vector512.FusedMultiplyAdd(v1, va, a1);
            b1 = Vector512.FusedMultiplyAdd(v1, vb, b1);
            var v2 = Vector512.Create(Unsafe.Add(ref x2, k));
            a2 = Vector512.FusedMultiplyAdd(v2, va, a2);
            b2 = Vector512.FusedMultiplyAdd(v2, vb, b2);
            var v3 = Vector512.Create(Unsafe.Add(ref x3, k));
            a3 = Vector512.FusedMultiplyAdd(v3, va, a3);
            b3 = Vector512.FusedMultiplyAdd(v3, vb, b3);
        }
        ref var y = ref Unsafe.Add(ref t.Y, row * t.YStride + panel * PanelLayout.Width);
        a0.StoreUnsafe(ref y);
        b0.StoreUnsafe(ref y, PanelLayout.Width);
        a1.StoreUnsafe(ref y, t.YStride);
        b1.StoreUnsafe(ref y, t.YStride + PanelLayout.Width);
        a2.StoreUnsafe(ref y, 2 * t.YStride);
        b2.StoreUnsafe(ref y, 2 * t.YStride + PanelLayout.Width);
        a3.StoreUnsafe(ref y, 3 * t.YStride);
        b3.StoreUnsafe(ref y, 3 * t.YStride + PanelLayout.Width);
    }

    private static void Tile4X1(in Tiles t, nuint row, nuint panel)
    {
        ref var x0 = ref Unsafe.Add(ref t.X, row * t.XStride);
        ref var x1 = ref Unsafe.Add(ref x0, t.XStride);
        ref var x2 = ref Unsafe.Add(ref x1, t.XStride);
        ref var x3 = ref Unsafe.Add(ref x2, t.XStride);
        ref var w = ref Unsafe.Add(ref t.W, panel * t.WPanel);
        var a0 = Bias512(t, panel);
        var (a1, a2, a3) = (a0, a0, a0);
        nuint at = 0;
        var (inputs, step) = (t.Inputs, t.WRow);
        for (nuint k = 0; k < inputs; k++, at += step)
        {
            var v = Vector512.LoadUnsafe(ref w, at);
            a0 = Vector512.FusedMultiplyAdd(Vector512.Create(Unsafe.Add(ref x0, k)), v, a0);
            a1 = Vector512.FusedMultiplyAdd(Vector512.Create(Unsafe.Add(ref x1, k)), v, a1);
            a2 = Vector512.FusedMultiplyAdd(Vector512.Create(Unsafe.Add(ref x2, k)), v, a2);
            a3 = Vector512.FusedMultiplyAdd(Vector512.Create(Unsafe.Add(ref x3, k)), v, a3);
        }
        ref var y = ref Unsafe.Add(ref t.Y, row * t.YStride + panel * PanelLayout.Width);
        a0.StoreUnsafe(ref y);
        a1.StoreUnsafe(ref y, t.YStride);
        a2.StoreUnsafe(ref y, 2 * t.YStride);
        a3.StoreUnsafe(ref y, 3 * t.YStride);
    }

    private static void Tile1X4(in Tiles t, nuint row, nuint panel)
    {
        ref var x = ref Unsafe.Add(ref t.X, row * t.XStride);
        ref var w0 = ref Unsafe.Add(ref t.W, panel * t.WPanel);
        ref var w1 = ref Unsafe.Add(ref w0, t.WPanel);
        ref var w2 = ref Unsafe.Add(ref w1, t.WPanel);
        ref var w3 = ref Unsafe.Add(ref w2, t.WPanel);
        var (a0, a1) = (Bias512(t, panel), Bias512(t, panel + 1));
        var (a2, a3) = (Bias512(t, panel + 2), Bias512(t, panel + 3));
        nuint at = 0;
        var (inputs, step) = (t.Inputs, t.WRow);
        for (nuint k = 0; k < inputs; k++, at += step)
        {
            var v = Vector512.Create(Unsafe.Add(ref x, k));
            a0 = Vector512.FusedMultiplyAdd(v, Vector512.LoadUnsafe(ref w0, at), a0);
            a1 = Vector512.FusedMultiplyAdd(v, Vector512.LoadUnsafe(ref w1, at), a1);
            a2 = Vector512.FusedMultiplyAdd(v, Vector512.LoadUnsafe(ref w2, at), a2);
            a3 = Vector512.FusedMultiplyAdd(v, Vector512.LoadUnsafe(ref w3, at), a3);
        }
        ref var y = ref Unsafe.Add(ref t.Y, row * t.YStride + panel * PanelLayout.Width);
        a0.StoreUnsafe(ref y);
        a1.StoreUnsafe(ref y, PanelLayout.Width);
        a2.StoreUnsafe(ref y, 2 * PanelLayout.Width);
        a3.StoreUnsafe(ref y, 3 * PanelLayout.Width);
    }

    private static void Tile1X1(in Tiles t, nuint row, nuint panel)
    {
        ref var x = ref Unsafe.Add(ref t.X, row * t.XStride);
        ref var w = ref Unsafe.Add(ref t.W, panel * t.WPanel);
        var sum = Bias512(t, panel);
        for (nuint k = 0; k < t.Inputs; k++)
            sum = Vector512.FusedMultiplyAdd(
                Vector512.Create(Unsafe.Add(ref x, k)),
                Vector512.LoadUnsafe(ref w, k * t.WRow),
                sum
            );
        sum.StoreUnsafe(ref t.Y, row * t.YStride + panel * PanelLayout.Width);
    }

    private static Vector512<float> Bias512(in Tiles t, nuint panel) =>
        Unsafe.IsNullRef(ref t.Bias)
            ? Vector512<float>.Zero
            : Vector512.LoadUnsafe(ref t.Bias, panel * PanelLayout.Width);
}
