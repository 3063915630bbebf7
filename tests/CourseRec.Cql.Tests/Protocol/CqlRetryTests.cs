using CourseRec.Cql;
using CourseRec.Cql.Errors;
using CourseRec.Cql.Protocol;

namespace CourseRec.Cql.Tests.Protocol;

/// <summary>
/// What is tried again, and what is not: a peer answers with the errors that a healthy server never gives.
/// </summary>
public sealed class CqlRetryTests
{
    private const string Insert = "INSERT INTO t (k, v) VALUES (?, ?)";

    private static readonly Answer Overloaded = Answer.Error(0x1001, "too busy");
    private static readonly Answer WriteTimeout = Answer.Error(
        0x1100,
        "late",
        body =>
        {
            body.Short((short)CqlConsistency.LocalQuorum);
            body.Int(1);
            body.Int(2);
            body.String("CAS");
        }
    );
    private static readonly Answer Unavailable = Answer.Error(
        0x1000,
        "alone",
        body =>
        {
            body.Short((short)CqlConsistency.LocalQuorum);
            body.Int(2);
            body.Int(1);
        }
    );

    [Fact]
    public async Task An_overloaded_node_is_asked_again()
    {
        await using var server = new ScriptedServer();
        await using var cluster = await ConnectAsync(server);
        Script(server, Overloaded, Overloaded);
        await ExecuteAsync(cluster, Insert);
        Assert.Equal(3, server.Executed.Count);
    }

    [Fact]
    public async Task A_node_that_stays_overloaded_is_reported_after_the_last_retry()
    {
        await using var server = new ScriptedServer();
        await using var cluster = await ConnectAsync(server);
        Script(server, Overloaded, Overloaded, Overloaded, Overloaded);
        var error = await Assert.ThrowsAsync<CqlServerException>(() => ExecuteAsync(cluster, Insert));
        Assert.Equal("too busy", error.Message);
        Assert.Equal(3, server.Executed.Count);
    }

    [Fact]
    public async Task An_unavailable_error_says_how_many_replicas_there_were()
    {
        await using var server = new ScriptedServer();
        await using var cluster = await ConnectAsync(server);
        Script(server, Unavailable, Unavailable, Unavailable);
        var error = await Assert.ThrowsAsync<CqlServerException>(() => ExecuteAsync(cluster, Insert));
        Assert.Equal(CqlError.Unavailable, error.Error);
        Assert.EndsWith("(1 of 2 replicas for LocalQuorum)", error.Message);
    }

    [Fact]
    public async Task A_write_that_timed_out_is_written_again_as_it_is_idempotent()
    {
        await using var server = new ScriptedServer();
        await using var cluster = await ConnectAsync(server);
        Script(server, WriteTimeout);
        await ExecuteAsync(cluster, Insert);
        Assert.Equal(2, server.Executed.Count);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_lightweight_transaction_that_may_have_happened_is_never_tried_again(bool timeout)
    {
        await using var server = new ScriptedServer();
        await using var cluster = await ConnectAsync(server);
        Script(server, timeout ? WriteTimeout : Answer.Hangup);
        await Assert.ThrowsAnyAsync<CqlException>(() => ExecuteAsync(cluster, Insert + " IF NOT EXISTS"));
        Assert.Single(server.Executed);
    }

    [Fact]
    public async Task A_lightweight_transaction_that_an_overloaded_node_refused_is_tried_again()
    {
        await using var server = new ScriptedServer();
        await using var cluster = await ConnectAsync(server);
        Script(server, Overloaded);
        await ExecuteAsync(cluster, Insert + " IF NOT EXISTS");
        Assert.Equal(2, server.Executed.Count);
    }

    [Fact]
    public async Task A_connection_that_is_closed_under_a_write_is_left_for_another()
    {
        await using var server = new ScriptedServer();
        await using var cluster = await ConnectAsync(server);
        await Eventually.HoldsAsync(() => server.Connections >= 2, () => $"{server.Connections} connections");
        Script(server, Answer.Hangup);
        await Eventually.SucceedsAsync(() => ExecuteAsync(cluster, Insert));
        await Eventually.HoldsAsync(() => server.Connections >= 3, () => $"{server.Connections} connections");
    }

    [Fact]
    public async Task A_forgotten_statement_is_prepared_again_and_executed()
    {
        await using var server = new ScriptedServer();
        await using var cluster = await ConnectAsync(server);
        Script(server, Answer.Error(0x2500, "unknown", body => body.ShortBytes([1, 2, 3, 4])));
        await ExecuteAsync(cluster, Insert);
        Assert.Equal(2, server.Executed.Count);
    }

    [Fact]
    public async Task A_server_that_always_forgets_is_not_asked_for_ever()
    {
        await using var server = new ScriptedServer();
        await using var cluster = await ConnectAsync(server);
        server.OnAsked = asked =>
            asked.Opcode == Opcode.Execute
                ? Answer.Error(0x2500, "unknown", body => body.ShortBytes([1, 2, 3, 4]))
                : null;
        var error = await Assert.ThrowsAsync<CqlServerException>(() => ExecuteAsync(cluster, Insert));
        Assert.Equal(CqlError.Unprepared, error.Error);
    }

    [Fact]
    public async Task An_answer_to_nothing_ends_the_connection_not_the_driver()
    {
        await using var server = new ScriptedServer();
        await using var cluster = await ConnectAsync(server);
        var isFirst = 1;
        server.OnAsked = asked =>
            asked.Opcode == Opcode.Execute && Interlocked.Exchange(ref isFirst, 0) == 1
                ? new Answer(Opcode.Result, [0, 0, 0, 1]) { Stream = 999 }
                : null;
        await Eventually.SucceedsAsync(() => ExecuteAsync(cluster, Insert));
        await Eventually.HoldsAsync(() => server.Connections >= 3, () => $"{server.Connections} connections");
    }

    private static Task<CqlCluster> ConnectAsync(ScriptedServer server) =>
        Cluster.ConnectAsync(Cluster.Options("127.0.0.1", server.EndPoint.Port));

    private static async Task<CqlRows> ExecuteAsync(CqlCluster cluster, string cql)
    {
        var statement = await cluster.PrepareAsync(cql);
        return await cluster.ExecuteAsync(statement.Bind().Text("k").Text("v"));
    }

    /// <summary>The first executions are answered so; later ones well.</summary>
    private static void Script(ScriptedServer server, params Answer[] answers)
    {
        var left = new Queue<Answer>(answers);
        server.OnAsked = asked =>
        {
            lock (left)
                return asked.Opcode == Opcode.Execute && left.TryDequeue(out var answer) ? answer : null;
        };
    }
}
