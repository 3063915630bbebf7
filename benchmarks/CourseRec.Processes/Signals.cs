using System.Runtime.InteropServices;

namespace CourseRec.Processes;

/// <summary>Unix signals to a process by its id.</summary>
public static class Signals
{
    /// <summary>Ctrl-C.</summary>
    public const int Interrupt = 2;

    /// <summary>Ends it at once.</summary>
    public const int Kill = 9;

    /// <summary>Asks it to end.</summary>
    public const int Terminate = 15;

    /// <summary>Lets it go on.</summary>
    public const int Thaw = 18;

    /// <summary>Halts it: its connections stay open, and nothing is answered.</summary>
    public const int Freeze = 19;

    /// <summary>Sends one.</summary>
    public static void Send(int process, int signal) => _ = kill(process, signal);

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int kill(int process, int signal);
}
