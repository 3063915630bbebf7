using System.Net.NetworkInformation;
using System.Security.Cryptography;

namespace CourseRec.Processes;

/// <summary>
/// Ports for what is started. They lie below those that the system gives to clients: no connection must take the port
/// of a node that was killed and comes back to it.
/// </summary>
public static class FreePorts
{
    private const int First = 10_000;
    private const int End = 20_000;
    private static readonly Lock Turn = new();
    private static int _next = RandomNumberGenerator.GetInt32(First, End);

    /// <summary>One that nobody listens at, and that nobody else in this process was given.</summary>
    public static int One() => Row(1);

    /// <summary>The first of so many in a row.</summary>
    public static int Row(int count)
    {
        lock (Turn)
        {
            var taken = Listened();
            while (_next + count > End || Enumerable.Range(_next, count).Any(taken.Contains))
                _next = _next + count >= End ? First : _next + 1;
            var first = _next;
            _next += count;
            return first;
        }
    }

    private static HashSet<int> Listened() =>
        [.. IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners().Select(listener => listener.Port)];
}
