using System.Net;

namespace CourseRec.Node.Options;

/// <summary>Where a node may listen: without authentication, on loopback alone.</summary>
internal static class ListenAddresses
{
    private const string Option = $"{NodeOptionsReader.Root}:Urls";
    private const string Unless = "unless the network is closed to others (Cluster:TrustNetwork=true)";

    public static void Check(string urls, ClusterOptions cluster)
    {
        Check(nameof(cluster.Address), cluster.Address, cluster);
        Check(nameof(cluster.Bind), cluster.Bind ?? cluster.Address, cluster);
        foreach (var url in Split(urls))
        {
            if (
                !Uri.TryCreate(url, UriKind.Absolute, out var address)
                || address.Scheme != Uri.UriSchemeHttp
                || address.PathAndQuery != "/"
                || address.UserInfo.Length > 0
            )
                throw new OptionsException(
                    $"{Option} is '{url}'; allowed: http://HOST:PORT, several separated by ';'."
                );
            if (!cluster.TrustNetwork && !IsLoopback(address.IdnHost))
                throw new OptionsException(
                    $"{Option} is '{url}'; allowed without authentication: loopback addresses only (127.0.0.1, "
                        + $"[::1], localhost), {Unless}."
                );
        }
    }

    private static void Check(string option, string address, ClusterOptions cluster)
    {
        if (!cluster.TrustNetwork && !IsLoopback(address[..address.LastIndexOf(':')]))
            throw new OptionsException(
                $"{NodeOptionsReader.Root}:Cluster:{option} is '{address}'; allowed without authentication: loopback "
                    + $"addresses only, {Unless}."
            );
    }

    public static string[] Split(string urls) =>
        urls.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) is { Length: > 0 } split
            ? split
            : throw new OptionsException($"{Option} is '{urls}'; allowed: http://HOST:PORT.");

    private static bool IsLoopback(string host) =>
        host == "localhost" || (IPAddress.TryParse(host.Trim('[', ']'), out var ip) && IPAddress.IsLoopback(ip));
}
