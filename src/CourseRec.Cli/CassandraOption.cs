using System.CommandLine;

namespace CourseRec.Cli;

/// <summary><c>--cassandra</c>: where the sessions are, when not in the data folder.</summary>
internal static class CassandraOption
{
    /// <summary>The option.</summary>
    public static Option<string?> Create() =>
        new("--cassandra")
        {
            Description =
                "Nodes of a Cassandra cluster that stores the sessions, as 10.0.0.1,10.0.0.2:9042. Left out: the "
                + "data folder does, unless CourseRec:Cassandra:ContactPoints is configured.",
            HelpName = "host[,host]",
        };

    /// <summary>What was given, as a node's option.</summary>
    public static IEnumerable<KeyValuePair<string, string?>> FlagsOf(ParseResult parsed, Option<string?> cassandra) =>
        parsed.GetValue(cassandra) is { } hosts ? [new("Cassandra:ContactPoints", hosts)] : [];
}
