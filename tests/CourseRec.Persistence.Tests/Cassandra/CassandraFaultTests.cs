using CourseRec.Actors.Ports;
using CourseRec.Persistence.Cassandra;
using static CourseRec.Persistence.Tests.Contract.Make;

namespace CourseRec.Persistence.Tests.Cassandra;

/// <summary>A server that is stopped, killed and frozen under a store that writes.</summary>
public sealed class CassandraFaultTests : IAsyncLifetime
{
    private const int Users = 5_000;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);
    private CassandraServer _server = null!;
    private CassandraSessionStore _store = null!;

    public async Task InitializeAsync()
    {
        _server = await CassandraServer.StartAsync();
        var test = await TestStore.MakeAsync(_server, "faults");
        var cluster = test.Options.Cluster with { RequestTimeout = TimeSpan.FromSeconds(3) };
        _store = (test with { Options = test.Options with { Cluster = cluster } }).Open();
    }

    public async Task DisposeAsync()
    {
        await _store.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task A_flush_that_fails_in_the_middle_is_tried_again_and_nothing_is_lost_or_torn()
    {
        await FlushAsync(1);
        await FlushThroughAsync(2, _server.StopAsync, _server.StartAgainAsync);
        await FlushThroughAsync(3, _server.KillAsync, _server.StartAgainAsync);
        await FlushThroughAsync(4, () => Run(_server.Freeze), () => Run(_server.Thaw));

        var partition = await _store.LoadPartitionAsync(0, default);
        Assert.Equal(Checkpoint(4), partition.Checkpoint);
        Assert.Equal(["1", "2", "3", "4"], partition.Counters.Select(c => Text(c.Data)));
        var sessions = await _store.ListSessionsAsync(default).ToListAsync();
        Assert.Equal(Users, sessions.Count);
        Assert.All(sessions, s => Assert.Equal((V(4), "state 4"), (s.Version, Text(s.Blob))));
        var interactions = await _store.ListInteractionsAsync("u7", default).ToListAsync();
        Assert.Equal([1, 2, 3, 4], interactions.Select(i => i.Version.Offset));
    }

    [Fact]
    public async Task Epochs_rise_through_claims_whose_answers_were_lost()
    {
        var first = await _store.ClaimAsync(0, "first", default);
        using var enough = new CancellationTokenSource();
        var claiming = ClaimUntilAsync(enough.Token);
        _server.Freeze();
        await FailsAsync();
        _server.Thaw();
        var thawed = await Eventually.SucceedsAsync(() => _store.ClaimAsync(0, "thawed", default).AsTask());
        await _server.KillAsync();
        await FailsAsync();
        await _server.StartAgainAsync();
        var restarted = await Eventually.SucceedsAsync(() => _store.ClaimAsync(0, "restarted", default).AsTask());
        await enough.CancelAsync();
        var others = await claiming.WaitAsync(Patience);
        var last = await _store.ClaimAsync(0, "last", default);

        Assert.Equal(others.Order(), others);
        long[] own = [first.Epoch, thawed.Epoch, restarted.Epoch, last.Epoch];
        Assert.Equal(own.Order(), own);
        long[] all = [.. own, .. others];
        Assert.Equal(all.Length, all.Distinct().Count());
        Assert.Equal((first.Epoch, last.Epoch), (all.Min(), all.Max()));
        Assert.Equal(last, await _store.ReadClaimAsync(0, default));
    }

    // The fault comes while the flush is under way; what was not acknowledged is tried again until it is, as a
    // partition does.
    private async Task FlushThroughAsync(long offset, Func<Task> fault, Func<Task> recovery)
    {
        var flushing = TryUntilStoredAsync(offset);
        await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        await fault();
        await FailsAsync();
        await recovery();
        var refusals = await flushing.WaitAsync(Patience);
        Assert.NotEmpty(refusals);
        Assert.All(refusals, refusal => Assert.Contains(_server.Address, refusal));
    }

    private async Task FailsAsync()
    {
        var away = await Assert.ThrowsAsync<StoreUnavailableException>(() =>
            _store.LoadSessionsAsync(["u1"], default).AsTask()
        );
        Assert.StartsWith($"Cassandra ({_server.Address}): ", away.Message);
    }

    private async Task<List<string>> TryUntilStoredAsync(long offset)
    {
        var refusals = new List<string>();
        while (true)
        {
            try
            {
                await FlushAsync(offset);
                return refusals;
            }
            catch (StoreUnavailableException e)
            {
                refusals.Add(e.Message);
                await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System);
            }
        }
    }

    private async Task<List<long>> ClaimUntilAsync(CancellationToken enough)
    {
        var epochs = new List<long>();
        while (!enough.IsCancellationRequested)
        {
            try
            {
                epochs.Add((await _store.ClaimAsync(0, "again and again", default)).Epoch);
            }
            catch (StoreUnavailableException)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System);
            }
        }
        return epochs;
    }

    private Task FlushAsync(long offset)
    {
        var sessions = Enumerable.Range(0, Users).Select(u => Session($"u{u}", offset, $"state {offset}", offset));
        var counters = Change(offset, $"{offset}") with { Since = V(offset - 1) };
        return _store.FlushAsync(new(0, Checkpoint(offset), counters, [.. sessions]), default).AsTask();
    }

    private static Task Run(Action action)
    {
        action();
        return Task.CompletedTask;
    }
}
