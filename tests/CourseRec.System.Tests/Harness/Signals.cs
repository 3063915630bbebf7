using System.Runtime.InteropServices;

namespace CourseRec.SystemTests.Harness;

/// <summary>Unix signals to a process by its id.</summary>
internal static class Signals
{
    public const int Interrupt = 2;
    public const int Kill = 9;
    public const int Terminate = 15;
    public const int Thaw = 18;
    public const int Freeze = 19;

    public static void Send(int pid, int signal) => _ = kill(pid, signal);

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int kill(int pid, int signal);
}
