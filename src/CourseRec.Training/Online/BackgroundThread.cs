using System.Runtime.InteropServices;

namespace CourseRec.Training.Online;

/// <summary>Makes the calling thread yield to those that answer users.</summary>
internal static partial class BackgroundThread
{
    private const int Process = 0; // on Linux a thread has a number of its own, and 0 is the caller's
    private const int Niceness = 10;

    /// <summary>Lowers the priority where the system allows it; .NET's own priorities do nothing on Linux.</summary>
    public static void LowerPriority()
    {
        Thread.CurrentThread.Priority = ThreadPriority.BelowNormal;
        if (!OperatingSystem.IsLinux())
            return;
        try
        {
            _ = SetPriority(Process, 0, Niceness);
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException) { }
    }

    [LibraryImport("libc", EntryPoint = "setpriority")]
    private static partial int SetPriority(int which, uint who, int priority);
}
