using System.Diagnostics;
using System.Globalization;
using CourseRec.Benchmarks.Harness;
using CourseRec.Cli;
using CourseRec.Cql.Errors;

namespace CourseRec.Benchmarks.Cassandra;

/// <summary>
/// <c>bench cassandra</c>: session writes and reads a second through CourseRec's driver and through npm's, in turns
/// against the same real server, with the same statements and the same number of callers.
/// </summary>
internal static class CassandraBench
{
    private const double WarmUpSeconds = 3;

    /// <summary>Measures.</summary>
    /// <exception cref="CliException">The server can't be used; the message says why.</exception>
    public static async Task<CassandraReport> RunAsync(
        CassandraBenchPlan plan,
        Action<string> progress,
        CancellationToken cancel
    )
    {
        await using var own = new CassandraDriverLoad(plan);
        try
        {
            await own.ConnectAsync(cancel);
            return await MeasureAsync(plan, own, progress, cancel);
        }
        catch (CqlException e)
        {
            throw new CliException(
                $"{e.Message} A server to measure: scripts/cassandra up; pass what it prints as --cassandra."
            );
        }
    }

    private static async Task<CassandraReport> MeasureAsync(
        CassandraBenchPlan plan,
        CassandraDriverLoad own,
        Action<string> progress,
        CancellationToken cancel
    )
    {
        progress("nothing yet: filling the table and warming up");
        await own.FillAsync(cancel);
        var (peer, problem) = CassandraPeer.Start(plan);
        using var _ = peer;
        peer?.Connect(plan, own.DataCentre);
        using var server = ListeningProcess.Find(Port(plan.Address));
        var runs = new List<(CassandraLoad Load, bool Own, CassandraRun Run)>();
        for (var round = 0; round <= plan.Rounds; round++)
            foreach (var load in Enum.GetValues<CassandraLoad>())
            {
                var seconds = round == 0 ? WarmUpSeconds : plan.Seconds;
                if (round > 0)
                    progress($"{load.ToString().ToLowerInvariant()}s, round {round} of {plan.Rounds}");
                runs.Add((load, true, await WithServerAsync(server, () => own.RunAsync(load, seconds, cancel))));
                if (peer is not null)
                    runs.Add(
                        (
                            load,
                            false,
                            await WithServerAsync(server, () => Task.FromResult(peer.Run(plan, load, seconds)))
                        )
                    );
                if (round == 0)
                    runs.Clear();
            }
        await own.DropAsync(cancel);
        CassandraFigures? Of(CassandraLoad load, bool isOwn) =>
            CassandraFigures.Of([.. runs.Where(run => run.Load == load && run.Own == isOwn).Select(run => run.Run)]);
        return new(
            Environment.ProcessorCount,
            own.Release,
            plan.Callers,
            plan.Connections,
            peer?.Version,
            problem,
            Of(CassandraLoad.Write, true)!,
            Of(CassandraLoad.Write, false),
            Of(CassandraLoad.Read, true)!,
            Of(CassandraLoad.Read, false)
        );
    }

    private static async Task<CassandraRun> WithServerAsync(Process? server, Func<Task<CassandraRun>> measure)
    {
        if (server is null)
            return await measure();
        var before = ListeningProcess.CpuSeconds(server);
        var run = await measure();
        return run with { ServerCpuSeconds = ListeningProcess.CpuSeconds(server) - before };
    }

    private static int Port(string address) =>
        int.TryParse(address.AsSpan(address.LastIndexOf(':') + 1), CultureInfo.InvariantCulture, out var port)
            ? port
            : 9042;
}
