using System.Globalization;
using CourseRec.Actors.Partitions;
using CourseRec.Node.Options;

namespace CourseRec.Node.Tests.Cluster;

/// <summary>
/// The arithmetic of <c>docs/scale.md</c>: each row of its calculation follows from the assumptions and from what the
/// benchmarks measured.
/// </summary>
public sealed class ScaleTests
{
    // Assumed.
    private const double Users = 50e6;
    private const double Watching = 0.02 * Users;
    private const double SecondsBetweenEvents = 20;
    private const double MeanOfPeak = 1 / 3.0;
    private const double Nodes = 100;
    private const double Partitions = 1_000;
    private const double Replicas = 3;
    private const double EventBytes = 250;
    private const double ConnectionSeconds = 30 * 60;
    private const double Discoveries = 0.3;

    // Assumed until it is measured.
    private const double SessionBytes = 700;
    private const double ConnectionKiB = 60;
    private const double EventMicroseconds = 25;
    private const double StoreMicroseconds = 90;
    private const double ConnectMilliseconds = 2;
    private const double ListBytes = 1_000;

    // Measured; docs/scale.md names the command of each.
    private const double ListMilliseconds = 0.107;
    private const double StoredEventBytes = 110;
    private const double StoreReads = 39_363;
    private const double StepMilliseconds = 2.07;
    private const double ModelMegabytes = 5.5;
    private const double CountersMegabytes = 0.8;

    // Of the actors: between two renewals of a watch, between two wakes of a partition, pings in a proof's lifetime.
    private const double RenewSeconds = 10;
    private const double WakeSeconds = 0.3;
    private const double PingsPerLifetime = 3;

    private const double Day = 86_400;

    [Fact]
    public void Every_row_of_the_calculation_follows_from_the_assumptions_and_the_measured_figures()
    {
        var document = File.ReadAllText(Repository.PathOf("docs", "scale.md"));
        var missing = Rows().Where(row => !document.Contains(row, StringComparison.Ordinal)).ToArray();
        Assert.True(missing.Length == 0, $"docs/scale.md has other figures than these:\n{string.Join('\n', missing)}");
    }

    private static IEnumerable<string> Rows()
    {
        var (cluster, sessions, training) = (new ClusterOptions(), new SessionHostOptions(), new TrainingOptions());
        var events = Watching / SecondsBetweenEvents;
        yield return Row("events/s at the peak; in the mean", $"{events:N0}; {events * MeanOfPeak:N0}");
        yield return Row("events a day", $"{events * MeanOfPeak * Day / 1e9:0.00} thousand million");
        yield return Row(
            "of a node: partitions, users, watched connections",
            $"{Partitions / Nodes:N0}, {Users / Nodes:N0}, {Watching / Nodes:N0}"
        );
        yield return Row("events/s of a partition, at the peak", $"{events / Partitions:N0}");
        yield return Row(
            "processor of a node for events, in cores",
            $"{events * EventMicroseconds / 1e6 / Nodes:0.00}"
        );

        var refreshed = Watching / sessions.RefreshInterval.TotalSeconds;
        yield return Row("lists/s: for events; for new models", $"{events:N0}; {refreshed:N0}");
        yield return Row(
            "processor of a node for lists, in cores",
            $"{(events + refreshed) * ListMilliseconds / 1e3 / Nodes:0.00}"
        );
        yield return Row("memory of a node: all its users' sessions", $"{Users / Nodes * SessionBytes / 1e6:N0} MB");
        yield return Row("memory of a node: watched connections", $"{Watching / Nodes * ConnectionKiB / 1024:N0} MiB");

        var connects = Watching / ConnectionSeconds;
        yield return Row(
            "new connections/s: in all; of a node; processor of a node, in cores",
            $"{connects:N0}; {connects / Nodes:0.0}; {connects * ConnectMilliseconds / 1e3 / Nodes:0.00}"
        );
        yield return Row("reads and lists whose partition is on another node", $"{1 - 1 / Nodes:P0}");
        var lists = (events + refreshed) / Nodes;
        yield return Row(
            "lists/s that a node sends to others, and gets of them; MB/s each way",
            $"{lists:N0}; {lists * ListBytes / 1e6:0.0}"
        );
        yield return Row(
            "watches renewed a second: in all; of a node",
            $"{Watching / RenewSeconds:N0}; {Watching / RenewSeconds / Nodes:N0}"
        );

        var moved = Watching / Nodes;
        yield return Row("a node leaves: watched users whose partitions move, without connecting again", $"{moved:N0}");
        yield return Row(
            "sessions to load, in seconds of one Cassandra core and a half",
            $"{moved:N0}, {moved / StoreReads:0.0} s"
        );
        yield return Row(
            "its own sockets, which connect again elsewhere; at each other node, of the most a second",
            $"{moved:N0}; {moved / (Nodes - 1):N0} of {cluster.ConnectionsPerSecond:N0}"
        );
        yield return Row(
            "processor time for these connections",
            $"{moved * ConnectMilliseconds / 1e3:N0} s, over {Nodes - 1:N0} nodes"
        );
        yield return Row(
            "everybody connects anew: at the least",
            $"{Watching / Nodes / cluster.ConnectionsPerSecond:N0} s"
        );

        yield return Row(
            "Kafka, in at the peak; written with replicas",
            $"{events * EventBytes / 1e6:0.0} MB/s; {events * EventBytes * Replicas / 1e6:N0} MB/s"
        );
        yield return Row(
            "Kafka's disks, for each day that is kept",
            $"{events * MeanOfPeak * Day * EventBytes * Replicas / 1e12:0.0} TB"
        );
        yield return Row("Cassandra, writes/s at the peak (a session and its interaction)", $"{events:N0}");
        yield return Row("Cassandra's processor, in cores", $"{events * StoreMicroseconds * Replicas / 1e6:0.0}");
        yield return Row("Cassandra's disks: sessions, full ones", $"{Users * SessionBytes * Replicas / 1e9:N0} GB");
        yield return Row(
            "Cassandra's disks: interactions, for each day that is kept",
            $"{events * MeanOfPeak * Day * StoredEventBytes * Replicas / 1e9:N0} GB"
        );

        var pings = (Nodes - 1) * PingsPerLifetime / cluster.StableAfter.TotalSeconds;
        yield return Row(
            "pings of the serving proof, and as many answers, a second: of a node; in all",
            $"{pings:N0}; {pings * Nodes:N0}"
        );
        yield return Row("wakes of partitions a second, of a node", $"{Partitions / WakeSeconds / Nodes:N0}");
        yield return Row("claims read in Cassandra a second", $"{Partitions / sessions.FlushInterval.TotalSeconds:N0}");
        yield return Row(
            "counters on each node; each partition looked at every",
            $"{Partitions * CountersMegabytes / 1e3:0.0} GB; {Partitions / 20:N0} s"
        );
        yield return Row("counters: questions/s to Cassandra", $"{Nodes * 20 * 3:N0}");
        var taught = events * Discoveries;
        var learned = 8 / (StepMilliseconds / 1e3) * training.Share;
        yield return Row(
            "examples/s to learn from at the peak; that one trainer learns from",
            $"{taught:N0}; {learned:N0}"
        );
        yield return Row(
            "a trainer's uplink, sending each model to every node",
            $"{ModelMegabytes * 8 * Nodes / training.PublishEvery.TotalSeconds / 1e3:0.0} Gbit/s"
        );
    }

    private static string Row(string what, FormattableString value) =>
        $"| {what} | {value.ToString(CultureInfo.InvariantCulture).Replace(" %", "%", StringComparison.Ordinal)} |";
}
