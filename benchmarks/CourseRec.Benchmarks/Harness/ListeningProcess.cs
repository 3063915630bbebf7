using System.Diagnostics;

namespace CourseRec.Benchmarks.Harness;

/// <summary>
/// Finds the process of this machine that listens on a port, and reads its processor time.
/// </summary>
internal static class ListeningProcess
{
    /// <summary>The process; null when it is another machine's, or another user's.</summary>
    public static Process? Find(int port) =>
        Sockets.InodeOf(port, listens: true) is { } inode
            ? Process.GetProcesses().FirstOrDefault(process => Sockets.Holds(process.Id, inode))
            : null;

    /// <summary>Its processor time until now, in seconds.</summary>
    public static double CpuSeconds(Process process)
    {
        process.Refresh();
        return process.TotalProcessorTime.TotalSeconds;
    }
}
