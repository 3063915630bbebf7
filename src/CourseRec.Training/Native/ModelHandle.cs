using System.Runtime.InteropServices;

namespace CourseRec.Training.Native;

/// <summary>Owns one native model.</summary>
internal sealed class ModelHandle : SafeHandle
{
    public ModelHandle()
        : base(0, ownsHandle: true) { }

    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle()
    {
        NativeMethods.Destroy(handle);
        return true;
    }
}
