using System.Globalization;
using CourseRec.Cli.Output;
using Spectre.Console;

namespace CourseRec.Benchmarks.Chaos;

/// <summary>What <c>bench chaos</c> saw.</summary>
/// <param name="Seed">The schedule's.</param>
/// <param name="Took">From the first action to the last.</param>
/// <param name="Users">Watched users.</param>
/// <param name="Disturbances">What each action, and each pause, did to them.</param>
/// <param name="Events">Events accepted.</param>
/// <param name="Retries">Requests that had to be sent again.</param>
/// <param name="Reads">Sessions read from nodes meanwhile.</param>
/// <param name="ReadsRefused">Those that were refused, or not answered.</param>
/// <param name="Stored">What the store has of them; null when it was not come to.</param>
/// <param name="Findings">What does not hold, a line each.</param>
internal sealed record ChaosReport(
    int Seed,
    TimeSpan Took,
    int Users,
    IReadOnlyList<Disturbance> Disturbances,
    long Events,
    long Retries,
    long Reads,
    long ReadsRefused,
    StoredChecks? Stored,
    IReadOnlyList<string> Findings
)
{
    private IEnumerable<Disturbance> Actions => Disturbances.Where(d => d.Action is not null);

    /// <summary>A row for every kind of action.</summary>
    public Table ToTable()
    {
        var table = Tables.New(
            string.Create(
                CultureInfo.InvariantCulture,
                $"bench chaos, seed {Seed}: {Actions.Count()} actions in {Took.TotalMinutes:0.0} minutes, {Users} "
                    + $"watched users"
            ),
            "action",
            "times",
            "nodes ended",
            "users interrupted, most",
            "away, median s",
            "recovered after, median s",
            "most s",
            "longest push gap, s"
        );
        foreach (
            var kind in Disturbances.GroupBy(d => d.Action?.Kind).OrderBy(kind => kind.Key ?? (ChaosKind)int.MaxValue)
        )
        {
            var recovered = kind.Select(d => d.Recovered.TotalSeconds).ToArray();
            table.Add(
                kind.Key is { } action ? ChaosAction.NameOf(action) : "(pauses)",
                kind.Count().ToString(CultureInfo.InvariantCulture),
                kind.Sum(d => d.Ended).ToString(CultureInfo.InvariantCulture),
                kind.Max(d => d.Interrupted).ToString(CultureInfo.InvariantCulture),
                Seconds(Percentiles.Median(kind.Select(d => d.Away.TotalSeconds))),
                Seconds(Percentiles.Median(recovered)),
                Seconds(recovered.Max()),
                Seconds(kind.Max(d => d.LongestGap).TotalSeconds)
            );
        }
        return table;
    }

    /// <summary>What it comes to.</summary>
    public IEnumerable<string> Lines()
    {
        yield return string.Create(
            CultureInfo.InvariantCulture,
            $"{Events:N0} events accepted ({Retries:N0} requests were sent again)"
        );
        yield return string.Create(
            CultureInfo.InvariantCulture,
            $"{Reads:N0} reads of sessions ({ReadsRefused:N0} were refused or not answered)"
        );
        if (Stored is not null)
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"{Stored.Losses:N0} losses, {Stored.Duplicates:N0} duplicates, {Stored.Phantoms:N0} events never "
                    + $"accepted"
            );
        if (LongestOf(frozen: false) is { } longest)
            yield return $"longest push gap {longest}";
        if (LongestOf(frozen: true) is { } frozen)
            yield return $"longest push gap on a frozen node {frozen}";
        var recovered = Actions.Select(d => d.Recovered.TotalSeconds).DefaultIfEmpty(0).ToArray();
        yield return $"time to recover: median {Seconds(Percentiles.Median(recovered))} s, most "
            + $"{Seconds(recovered.Max())} s";
        foreach (var finding in Findings)
            yield return $"does not hold: {finding}";
        if (Findings.Count == 0)
            yield return "every accepted event is applied once, nobody was answered with less than anybody knew before, "
                + "every last push is the last offset's";
    }

    /// <summary>An action in one line.</summary>
    public static string Describe(Disturbance seen) =>
        $"started again after {Seconds(seen.Away.TotalSeconds)} s, {seen.Ended} nodes ended by themselves, "
        + $"{seen.Interrupted} users interrupted, recovered "
        + $"after {Seconds(seen.Recovered.TotalSeconds)} s, longest gap {Seconds(seen.LongestGap.TotalSeconds)} "
        + $"s ({seen.Worst})";

    private string? LongestOf(bool frozen)
    {
        var longest = Disturbances.Where(d => d.Action?.Kind == ChaosKind.Freeze == frozen).MaxBy(d => d.LongestGap);
        return longest is null
            ? null
            : $"{Seconds(longest.LongestGap.TotalSeconds)} s ({longest.Action?.ToString() ?? "in a pause"})";
    }

    private static string Seconds(double seconds) => seconds.ToString("0.0", CultureInfo.InvariantCulture);
}
