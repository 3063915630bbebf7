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

    private const int Stop = 19;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Sends one.</summary>
    public static void Send(int process, int signal) => _ = kill(process, signal);

    /// <summary>
    /// Halts it: its connections stay open, and nothing is answered. All of its threads stand when this returns: one
    /// that runs on another core at the signal might answer still.
    /// </summary>
    public static void Freeze(int process)
    {
        Send(process, Stop);
        SpinWait.SpinUntil(() => Stands(process), Patience);
    }

    private static bool Stands(int process)
    {
        try
        {
            var threads = Directory.GetDirectories($"/proc/{process}/task");
            return threads
                .Select(thread => File.ReadAllText($"{thread}/stat"))
                .All(stat => stat[stat.LastIndexOf(')') + 2] == 'T');
        }
        catch (IOException)
        {
            return false; // A thread has ended meanwhile.
        }
    }

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int kill(int process, int signal);
}
