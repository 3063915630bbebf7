using System.Text.RegularExpressions;
using CourseRec.Actors.Ports;

namespace CourseRec.Node.Options;

/// <summary>Reads section <c>Cluster</c>.</summary>
internal static partial class ClusterOptionsReader
{
    private const string Url = "http://HOST:PORT";

    public static ClusterOptions Read(OptionReader s, ClusterOptions d) =>
        new()
        {
            NodeId = s.Parsed("NodeId", "1 to 64 letters, digits, dots, dashes", id => Id().IsMatch(id) ? id : null),
            Roles = s.Choices("Roles", d.Roles),
            Advertise = s.Parsed("Advertise", Url, Address),
            AllowedUrls = s.Parsed("AllowedUrls", $"{Url}, several separated by commas", Addresses) ?? d.AllowedUrls,
            Routing = s.Choice("Routing", d.Routing),
            WaitForOwner = s.Duration("WaitForOwner", d.WaitForOwner, TimeSpan.Zero, TimeSpan.FromMinutes(1)),
            ConnectionsPerSecond = s.Int("ConnectionsPerSecond", d.ConnectionsPerSecond, 1, 1_000_000),
        };

    /// <exception cref="OptionsException">A role is left to others, and there can be none.</exception>
    public static void Check(NodeOptions options)
    {
        var roles = options.Cluster;
        if (options.IsClustered || (roles.Has(NodeRole.Session) && roles.Has(NodeRole.Gateway)))
            return;
        throw new OptionsException(
            $"{NodeOptionsReader.Root}:Cluster:Roles is '{string.Join(',', roles.Roles).ToLowerInvariant()}'; "
                + "allowed without Kafka and Cassandra, "
                + "which nodes share: session and gateway, with or without trainer."
        );
    }

    private static Uri? Address(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var url)
        && url.Scheme is "http" or "https"
        && url is { PathAndQuery: "/", Fragment: "", UserInfo: "" }
            ? url
            : null;

    private static Uri[]? Addresses(string text)
    {
        var urls = text.Split(',', StringSplitOptions.TrimEntries).Select(Address).ToArray();
        return urls.OfType<Uri>().Count() == urls.Length ? [.. urls.OfType<Uri>()] : null;
    }

    [GeneratedRegex("^[A-Za-z0-9.-]{1,64}$")]
    private static partial Regex Id();
}
