using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace CourseRec.Models.Sequential.Kernels;

// 4 rows × 1 panel of two vectors: eight accumulators of the sixteen registers.
internal static partial class Product
{
    private const int Half = PanelLayout.Width / 2;

    private static void Run256(in Tiles t, int rows, int panels)
    {
        for (var p = 0; p < panels; p++)
        {
            var row = 0;
            for (; row + TileRows <= rows; row += TileRows)
                Tile4(t, (nuint)row, (nuint)p);
            for (; row < rows; row++)
                Tile1(t, (nuint)row, (nuint)p);
        }
    }

    private static void Tile4(in Tiles t, nuint row, nuint panel)
    {
        ref var x0 = ref Unsafe.Add(ref t.X, row * t.XStride);
        ref var x1 = ref Unsafe.Add(ref x0, t.XStride);
        ref var x2 = ref Unsafe.Add(ref x1, t.XStride);
        ref var x3 = ref Unsafe.Add(ref x2, t.XStride);
        ref var w = ref Unsafe.Add(ref t.W, panel * t.WPanel);
        var (a0, b0) = (Bias256(t, panel, 0), Bias256(t, panel, Half));
        var (a1, a2, a3, b1, b2, b3) = (a0, a0, a0, b0, b0, b0);
        nuint at = 0;
        var (inputs, step) = (t.Inputs, t.WRow);
        for (nuint k = 0; k < inputs; k++, at += step)
        {
            var va = Vector256.LoadUnsafe(ref w, at);
            var vb = Vector256.LoadUnsafe(ref w, at + Half);
            var v0 = Vector256.Create(Unsafe.Add(ref x0, k));
            a0 = Vector256.FusedMultiplyAdd(v0, va, a0);
            b0 = Vector256.FusedMultiplyAdd(v0, vb, b0);
            var v1 = Vector256.Create(Unsafe.Add(ref x1, k));
            a1 = Vector256.FusedMultiplyAdd(v1, va, a1);
            b1 = Vector256.FusedMultiplyAdd(v1, vb, b1);
            var v2 = Vector256.Create(Unsafe.Add(ref x2, k));
            a2 = Vector256.FusedMultiplyAdd(v2, va, a2);
            b2 = Vector256.FusedMultiplyAdd(v2, vb, b2);
            var v3 = Vector256.Create(Unsafe.Add(ref x3, k));
            a3 = Vector256.FusedMultiplyAdd(v3, va, a3);
            b3 = Vector256.FusedMultiplyAdd(v3, vb, b3);
        }
        ref var y = ref Unsafe.Add(ref t.Y, row * t.YStride + panel * PanelLayout.Width);
        a0.StoreUnsafe(ref y);
        b0.StoreUnsafe(ref y, Half);
        a1.StoreUnsafe(ref y, t.YStride);
        b1.StoreUnsafe(ref y, t.YStride + Half);
        a2.StoreUnsafe(ref y, 2 * t.YStride);
        b2.StoreUnsafe(ref y, 2 * t.YStride + Half);
        a3.StoreUnsafe(ref y, 3 * t.YStride);
        b3.StoreUnsafe(ref y, 3 * t.YStride + Half);
    }

    private static void Tile1(in Tiles t, nuint row, nuint panel)
    {
        ref var x = ref Unsafe.Add(ref t.X, row * t.XStride);
        ref var w = ref Unsafe.Add(ref t.W, panel * t.WPanel);
        var (a, b) = (Bias256(t, panel, 0), Bias256(t, panel, Half));
        nuint at = 0;
        for (nuint k = 0; k < t.Inputs; k++, at += t.WRow)
        {
            var v = Vector256.Create(Unsafe.Add(ref x, k));
            a = Vector256.FusedMultiplyAdd(v, Vector256.LoadUnsafe(ref w, at), a);
            b = Vector256.FusedMultiplyAdd(v, Vector256.LoadUnsafe(ref w, at + Half), b);
        }
        ref var y = ref Unsafe.Add(ref t.Y, row * t.YStride + panel * PanelLayout.Width);
        a.StoreUnsafe(ref y);
        b.StoreUnsafe(ref y, Half);
    }

    private static Vector256<float> Bias256(in Tiles t, nuint panel, nuint from) =>
        Unsafe.IsNullRef(ref t.Bias)
            ? Vector256<float>.Zero
            : Vector256.LoadUnsafe(ref t.Bias, panel * PanelLayout.Width + from);
}
