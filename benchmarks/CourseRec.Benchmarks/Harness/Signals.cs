using System.Runtime.InteropServices;

namespace CourseRec.Benchmarks.Harness;

/// <summary>Unix signals to a process, by its id.</summary>
internal static class Signals
{
    public const int Kill = 9;
    public const int Terminate = 15;
    public const int Thaw = 18;
    public const int Freeze = 19;

    public static void Send(int process, int signal) => _ = kill(process, signal);

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int kill(int process, int signal);
}
