using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace CourseRec.Models.Sequential.Kernels;

/// <summary>The vector width that kernels written for one use, bits.</summary>
internal enum SimdLevel
{
    Bits128 = 128,
    Bits256 = 256,
    Bits512 = 512,
}

/// <summary>What the processor can do.</summary>
internal static class Simd
{
    public static SimdLevel Widest { get; } =
        Vector512.IsHardwareAccelerated && Avx512BW.IsSupported ? SimdLevel.Bits512
        : Vector256.IsHardwareAccelerated && Avx2.IsSupported ? SimdLevel.Bits256
        : SimdLevel.Bits128;
}
