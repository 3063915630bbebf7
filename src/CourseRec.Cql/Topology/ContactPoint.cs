using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace CourseRec.Cql.Topology;

/// <summary>Finds the addresses behind <c>host</c>, <c>host:port</c> and <c>[IPv6]:port</c>.</summary>
internal static class ContactPoint
{
    /// <param name="point">As configured.</param>
    /// <param name="port">Where it names none.</param>
    /// <param name="problems">Gets what is wrong with it.</param>
    /// <param name="cancel">Gives up.</param>
    public static async Task<IEnumerable<IPEndPoint>> ResolveAsync(
        string point,
        int port,
        List<string> problems,
        CancellationToken cancel
    )
    {
        var (host, number) = Split(point, port);
        if (IPAddress.TryParse(host, out var address))
            return [new(address, number)];
        try
        {
            var addresses = await Dns.GetHostAddressesAsync(host, cancel);
            return addresses.Select(found => new IPEndPoint(found, number));
        }
        catch (Exception e) when (e is SocketException or ArgumentException)
        {
            problems.Add($"'{host}' is no known host ({e.Message}).");
            return [];
        }
    }

    private static (string Host, int Port) Split(string point, int port)
    {
        var colon = point.LastIndexOf(':');
        var named = colon > 0 && (point.IndexOf(':') == colon || point[colon - 1] == ']');
        var host = (named ? point[..colon] : point).Trim('[', ']');
        return named && ushort.TryParse(point.AsSpan(colon + 1), CultureInfo.InvariantCulture, out var own)
            ? (host, own)
            : (host, port);
    }
}
