using System.Globalization;

namespace CourseRec.Processes;

/// <summary>Whose a TCP socket of this machine is, by Linux's /proc.</summary>
public static class Sockets
{
    private const string Listening = "0A";

    /// <summary>
    /// The inode of the socket at a local port that listens, or of one that does not; null when there is none.
    /// </summary>
    public static string? InodeOf(int port, bool listens) =>
        new[] { "/proc/net/tcp", "/proc/net/tcp6" }
            .Where(File.Exists)
            .SelectMany(table => File.ReadLines(table).Skip(1))
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .FirstOrDefault(fields => fields[3] == Listening == listens && PortOf(fields[1]) == port)
            ?[9];

    /// <summary>Whether a process holds it.</summary>
    public static bool Holds(int process, string inode)
    {
        try
        {
            return Directory
                .EnumerateFiles($"/proc/{process}/fd")
                .Any(descriptor => new FileInfo(descriptor).LinkTarget == $"socket:[{inode}]");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static int PortOf(string address) =>
        int.Parse(address.AsSpan(address.LastIndexOf(':') + 1), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
