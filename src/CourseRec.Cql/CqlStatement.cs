using System.Text.RegularExpressions;
using CourseRec.Cql.Protocol;

namespace CourseRec.Cql;

/// <summary>
/// A prepared statement, good for every node and for the cluster's life; any number of callers may bind it at once.
/// </summary>
public sealed partial class CqlStatement
{
    internal KnownColumns? Known;

    internal CqlStatement(string text, Prepared prepared, IReadOnlyList<int> routing, int version)
    {
        (Text, Id, MarkerArray, Version) = (text, prepared.Id, prepared.Markers, version);
        Routing = routing.Count > 0 ? [.. routing] : prepared.Routing;
        if (Routing.Any(index => index < 0 || index >= MarkerArray.Length))
            throw new ArgumentException($"Routing names a marker that '{text}' does not have.");
        IsConditional = Condition().IsMatch(text);
        Alone = [this];
    }

    /// <summary>The CQL.</summary>
    public string Text { get; }

    /// <summary>The bind markers, in their order.</summary>
    public IReadOnlyList<CqlColumn> Markers => MarkerArray;

    /// <summary>
    /// True for a lightweight transaction (<c>IF</c>), which is never tried again by itself: its first attempt may have
    /// happened, and a second would see that. Everything else is taken to be idempotent: write no counters and no
    /// <c>now()</c>.
    /// </summary>
    public bool IsConditional { get; }

    internal byte[] Id { get; }

    internal CqlColumn[] MarkerArray { get; }

    /// <summary>Which markers make up the partition key; empty: any node will do.</summary>
    internal int[] Routing { get; }

    internal int Version { get; }

    /// <summary>This alone, as a list.</summary>
    internal IReadOnlyList<CqlStatement> Alone { get; }

    /// <summary>Begins to give the markers their values, in their order.</summary>
    public CqlBound Bind() => new(this);

    [GeneratedRegex(@"\bIF\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    internal static partial Regex Condition();
}
