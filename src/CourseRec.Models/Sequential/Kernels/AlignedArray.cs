using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace CourseRec.Models.Sequential.Kernels;

/// <summary>
/// An array that starts on a cache line (64 bytes) and stays there: a whole-line load never touches two lines.
/// </summary>
internal readonly struct AlignedArray<T>
    where T : unmanaged
{
    private const int LineBytes = 64;

    private readonly T[] _values;
    private readonly int _start;

    /// <summary>Zeros.</summary>
    public AlignedArray(int length)
    {
        _values = GC.AllocateArray<T>(length + LineBytes / Unsafe.SizeOf<T>(), pinned: true);
        var past = (int)(Marshal.UnsafeAddrOfPinnedArrayElement(_values, 0) % LineBytes);
        _start = past == 0 ? 0 : (LineBytes - past) / Unsafe.SizeOf<T>();
        Length = length;
    }

    public int Length { get; }

    public Span<T> Span => new(_values, _start, Length);
}
