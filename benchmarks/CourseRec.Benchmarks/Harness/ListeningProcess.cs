using System.Diagnostics;
using System.Globalization;

namespace CourseRec.Benchmarks.Harness;

/// <summary>
/// Finds, by Linux's /proc, the process of this machine that listens on a port, and reads its processor time.
/// </summary>
internal static class ListeningProcess
{
    private const string Listening = "0A";

    /// <summary>The process; null when it is another machine's, or another user's.</summary>
    public static Process? Find(int port)
    {
        var inode = new[] { "/proc/net/tcp", "/proc/net/tcp6" }
            .Where(File.Exists)
            .SelectMany(table => File.ReadLines(table).Skip(1))
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .FirstOrDefault(fields => fields[3] == Listening && PortOf(fields[1]) == port)
            ?[9];
        if (inode is null)
            return null;
        var owner = Process.GetProcesses().FirstOrDefault(process => Holds(process.Id, $"socket:[{inode}]"));
        return owner;
    }

    /// <summary>Its processor time until now, in seconds.</summary>
    public static double CpuSeconds(Process process)
    {
        process.Refresh();
        return process.TotalProcessorTime.TotalSeconds;
    }

    private static int PortOf(string address) =>
        int.Parse(address.AsSpan(address.LastIndexOf(':') + 1), NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    private static bool Holds(int process, string socket)
    {
        try
        {
            return Directory
                .EnumerateFiles($"/proc/{process}/fd")
                .Any(descriptor => new FileInfo(descriptor).LinkTarget == socket);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
