using System.Net;

namespace CourseRec.Node.Options;

/// <summary>Where a node may listen: without authentication, on loopback alone.</summary>
internal static class ListenAddresses
{
    private const string Option = $"{NodeOptionsReader.Root}:Urls";

    public static void Check(string urls)
    {
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
            if (!IsLoopback(address))
                throw new OptionsException(
                    $"{Option} is '{url}'; allowed without authentication: loopback addresses only (127.0.0.1, "
                        + "[::1], localhost)."
                );
        }
    }

    public static string[] Split(string urls) =>
        urls.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) is { Length: > 0 } split
            ? split
            : throw new OptionsException($"{Option} is '{urls}'; allowed: http://HOST:PORT.");

    private static bool IsLoopback(Uri url) =>
        url.IdnHost == "localhost"
        || (IPAddress.TryParse(url.IdnHost.Trim('[', ']'), out var ip) && IPAddress.IsLoopback(ip));
}
