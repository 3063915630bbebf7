using System.Globalization;

namespace CourseRec.Persistence.Cassandra.Schema;

/// <summary>
/// How often each row is stored: a number for a single data centre of no name, or a number for each data centre.
/// </summary>
/// <param name="Factors">Replicas by data centre; the empty name is SimpleStrategy's.</param>
public sealed record Replication(IReadOnlyDictionary<string, int> Factors)
{
    /// <summary>What can be given.</summary>
    public const string Allowed =
        "a data centre and its replicas, as dc1:3 or dc1:3,dc2:3; or just the replicas, as 1, for trying out";

    /// <summary>Reads <c>dc1:3,dc2:3</c> or <c>1</c>; null when it is neither.</summary>
    public static Replication? Parse(string text)
    {
        var factors = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var part in text.Split(',', StringSplitOptions.TrimEntries))
        {
            var at = part.LastIndexOf(':');
            var isNumber = int.TryParse(
                part[(at + 1)..],
                NumberStyles.None,
                CultureInfo.InvariantCulture,
                out var replicas
            );
            var name = at < 0 ? "" : part[..at];
            if (
                !isNumber
                || replicas is < 1 or > 100
                || at == 0
                || name.Contains('\'')
                || !factors.TryAdd(name, replicas)
            )
                return null;
        }
        return factors.Count > 1 && factors.ContainsKey("") ? null : new Replication(factors);
    }

    /// <summary>One data centre's.</summary>
    public static Replication Of(string dataCentre, int replicas) =>
        new(new Dictionary<string, int> { [dataCentre] = replicas });

    /// <summary>As CQL writes it.</summary>
    public string ToCql()
    {
        var isSimple = Factors.ContainsKey("");
        var strategy = isSimple ? "SimpleStrategy" : "NetworkTopologyStrategy";
        var factors = Factors.Select(f => $", '{(isSimple ? "replication_factor" : f.Key)}': {f.Value}");
        return $"{{'class': '{strategy}'{string.Concat(factors)}}}";
    }

    /// <inheritdoc/>
    public override string ToString() =>
        string.Join(',', Factors.Select(f => f.Key == "" ? $"{f.Value}" : $"{f.Key}:{f.Value}"));
}
