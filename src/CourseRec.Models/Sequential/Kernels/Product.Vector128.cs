using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace CourseRec.Models.Sequential.Kernels;

// 2 rows × 1 panel of four vectors: eight accumulators; the same on ARM.
internal static partial class Product
{
    private const int Quarter = PanelLayout.Width / 4;

    private static void Run128(in Tiles t, int rows, int panels)
    {
        for (var p = 0; p < panels; p++)
        {
            var row = 0;
            for (; row + 2 <= rows; row += 2)
                Tile2(t, (nuint)row, (nuint)p);
            if (row < rows)
                for (nuint quarter = 0; quarter < 4; quarter++)
                    TileQuarter(t, (nuint)row, (nuint)p, quarter * Quarter);
        }
    }

    private static void Tile2(in Tiles t, nuint row, nuint panel)
    {
        ref var x0 = ref Unsafe.Add(ref t.X, row * t.XStride);
        ref var x1 = ref Unsafe.Add(ref x0, t.XStride);
        ref var w = ref Unsafe.Add(ref t.W, panel * t.WPanel);
        var (a0, b0) = (Bias128(t, panel, 0), Bias128(t, panel, Quarter));
        var (c0, d0) = (Bias128(t, panel, 2 * Quarter), Bias128(t, panel, 3 * Quarter));
        var (a1, b1, c1, d1) = (a0, b0, c0, d0);
        nuint at = 0;
        for (nuint k = 0; k < t.Inputs; k++, at += t.WRow)
        {
            var (v0, v1) = (Vector128.Create(Unsafe.Add(ref x0, k)), Vector128.Create(Unsafe.Add(ref x1, k)));
            var va = Vector128.LoadUnsafe(ref w, at);
            a0 = Vector128.FusedMultiplyAdd(v0, va, a0);
            a1 = Vector128.FusedMultiplyAdd(v1, va, a1);
            var vb = Vector128.LoadUnsafe(ref w, at + Quarter);
            b0 = Vector128.FusedMultiplyAdd(v0, vb, b0);
            b1 = Vector128.FusedMultiplyAdd(v1, vb, b1);
            var vc = Vector128.LoadUnsafe(ref w, at + 2 * Quarter);
            c0 = Vector128.FusedMultiplyAdd(v0, vc, c0);
            c1 = Vector128.FusedMultiplyAdd(v1, vc, c1);
            var vd = Vector128.LoadUnsafe(ref w, at + 3 * Quarter);
            d0 = Vector128.FusedMultiplyAdd(v0, vd, d0);
            d1 = Vector128.FusedMultiplyAdd(v1, vd, d1);
        }
        ref var y = ref Unsafe.Add(ref t.Y, row * t.YStride + panel * PanelLayout.Width);
        a0.StoreUnsafe(ref y);
        b0.StoreUnsafe(ref y, Quarter);
        c0.StoreUnsafe(ref y, 2 * Quarter);
        d0.StoreUnsafe(ref y, 3 * Quarter);
        a1.StoreUnsafe(ref y, t.YStride);
        b1.StoreUnsafe(ref y, t.YStride + Quarter);
        c1.StoreUnsafe(ref y, t.YStride + 2 * Quarter);
        d1.StoreUnsafe(ref y, t.YStride + 3 * Quarter);
    }

    private static void TileQuarter(in Tiles t, nuint row, nuint panel, nuint from)
    {
        ref var x = ref Unsafe.Add(ref t.X, row * t.XStride);
        ref var w = ref Unsafe.Add(ref t.W, panel * t.WPanel + from);
        var sum = Bias128(t, panel, from);
        for (nuint k = 0; k < t.Inputs; k++)
            sum = Vector128.FusedMultiplyAdd(
                Vector128.Create(Unsafe.Add(ref x, k)),
                Vector128.LoadUnsafe(ref w, k * t.WRow),
                sum
            );
        sum.StoreUnsafe(ref t.Y, row * t.YStride + panel * PanelLayout.Width + from);
    }

    private static Vector128<float> Bias128(in Tiles t, nuint panel, nuint from) =>
        Unsafe.IsNullRef(ref t.Bias)
            ? Vector128<float>.Zero
            : Vector128.LoadUnsafe(ref t.Bias, panel * PanelLayout.Width + from);
}
