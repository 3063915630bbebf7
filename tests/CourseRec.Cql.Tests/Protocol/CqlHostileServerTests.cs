using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using CourseRec.Cql;
using CourseRec.Cql.Errors;
using CourseRec.Cql.Protocol;

namespace CourseRec.Cql.Tests.Protocol;

/// <summary>Servers, and callers, that do what they should not.</summary>
public sealed class CqlHostileServerTests
{
    private const string Insert = "INSERT INTO t (k, v) VALUES (?, ?)";

    [Fact]
    public async Task A_server_that_answers_nonsense_fails_calls_by_name_and_harms_nothing_else()
    {
        await using var server = new ScriptedServer();
        await using var cluster = await Cluster.ConnectAsync(Options(server));
        var insert = await cluster.PrepareAsync(Insert);
        var random = new Random(3);
        server.OnAsked = asked => asked.Opcode == Opcode.Execute ? Nonsense(random) : null;
        for (var i = 0; i < 200; i++)
        {
            var error = await Record.ExceptionAsync(async () =>
            {
                var rows = await cluster.ExecuteAsync(insert.Bind().Text("k").Text("v"));
                while (rows.Read()) { }
            });
            Assert.True(error is null or CqlException, $"{error}");
        }
        server.OnAsked = _ => null;
        await Eventually.SucceedsAsync(async () => await cluster.ExecuteAsync(insert.Bind().Text("k").Text("v")));
    }

    [Fact]
    public async Task A_caller_that_blocks_holds_up_the_others_only_for_a_moment()
    {
        await using var server = new ScriptedServer();
        await using var cluster = await Cluster.ConnectAsync(Options(server) with { ConnectionsPerHost = 1 });
        var insert = await cluster.PrepareAsync(Insert);
        Task<CqlRows> Execute() => cluster.ExecuteAsync(insert.Bind().Text("k").Text("v")).AsTask();
        async Task BlockAsync()
        {
            await Execute();
            Assert.True(Execute().Wait(TimeSpan.FromSeconds(10)));
        }
        await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Task.Run(BlockAsync)))
            .WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task Requests_retries_and_connections_are_measured()
    {
        var seen = new ConcurrentDictionary<string, double>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (instrument.Meter.Name == "CourseRec.Cassandra")
                    self.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<long>((i, v, _, _) => seen.AddOrUpdate(i.Name, v, (_, old) => old + v));
        listener.SetMeasurementEventCallback<double>((i, _, _, _) => seen.AddOrUpdate(i.Name, 1, (_, old) => old + 1));
        listener.Start();
        await using var server = new ScriptedServer();
        await using var cluster = await Cluster.ConnectAsync(Options(server));
        var insert = await cluster.PrepareAsync(Insert);
        var first = 1;
        server.OnAsked = asked =>
            asked.Opcode == Opcode.Execute && Interlocked.Exchange(ref first, 0) == 1
                ? Answer.Error(0x1001, "overloaded")
                : null;
        await cluster.ExecuteAsync(insert.Bind().Text("k").Text("v"));

        Assert.True(seen["db.client.operation.duration"] >= 1);
        Assert.True(seen["courserec.cql.retries"] >= 1);
        Assert.True(seen["courserec.cql.connects"] >= 1);
        Assert.True(seen.ContainsKey("courserec.cql.requests.in_flight"));
    }

    private static CqlOptions Options(ScriptedServer server) =>
        Cluster.Options("127.0.0.1", server.EndPoint.Port) with
        {
            RequestTimeout = TimeSpan.FromSeconds(9),
            ReconnectDelay = TimeSpan.FromMilliseconds(5),
            MaxReconnectDelay = TimeSpan.FromMilliseconds(10),
        };

    private static Answer Nonsense(Random random)
    {
        var body = new byte[random.Next(40)];
        random.NextBytes(body);
        if (body.Length > 3 && random.Next(2) == 0)
            new byte[] { 0, 0, 0, (byte)random.Next(7) }.CopyTo(body, 0);
        var flags = random.Next(3) == 0 ? (FrameFlags)random.Next(16) : FrameFlags.None;
        var opcode = random.Next(3) == 0 ? (Opcode)random.Next(20) : Opcode.Result;
        return new(opcode, body, flags) { Stream = random.Next(8) == 0 ? (short)random.Next(-5, 2000) : null };
    }
}
