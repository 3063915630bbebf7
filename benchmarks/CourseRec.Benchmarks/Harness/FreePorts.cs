using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace CourseRec.Benchmarks.Harness;

/// <summary>Ports that nobody listens on.</summary>
internal static class FreePorts
{
    // Below those that the system hands out: a stopped server's port must be free when it starts again.
    private const int First = 12_000;
    private const int Last = 20_000;

    /// <summary>An address with one, at random.</summary>
    public static Uri NextUrl() => new(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{Next()}"));

    private static int Next()
    {
        while (true)
        {
            var port = System.Security.Cryptography.RandomNumberGenerator.GetInt32(First, Last);
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
                return port;
            }
            catch (SocketException)
            {
                // Somebody has it.
            }
        }
    }
}
