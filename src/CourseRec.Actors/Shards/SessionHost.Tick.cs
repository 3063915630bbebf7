using CourseRec.Actors.Ports;
using CourseRec.Models.Baselines;

namespace CourseRec.Actors.Shards;

public sealed partial class SessionHost
{
    private static readonly TimeSpan TickInterval = TimeSpan.FromMilliseconds(100);

    /// <summary>Tells the shards that time passes, and publishes what ranks.</summary>
    private async Task TickAsync()
    {
        using var timer = new PeriodicTimer(TickInterval, _services.Time);
        using var ending = _stop.Token.Register(timer.Dispose);
        var published = 0L;
        do
        {
            foreach (var (partition, shard) in _shards.Index())
            {
                if (shard is not null)
                    await TickAsync(shard, partition);
            }
            if (_services.Time.GetElapsedTime(published) >= _services.Options.PublishInterval)
            {
                published = _services.Time.GetTimestamp();
                _services.Recommender.Publish([.. Counters()]);
            }
        } while (await timer.WaitForNextTickAsync());
    }

    private async Task TickAsync(SessionShard shard, int partition)
    {
        try
        {
            shard.Tick((await _services.Log.RangeAsync(partition, CancellationToken.None)).End);
        }
        catch (LogUnavailableException)
        {
            // The log says so itself; the next tick asks again.
        }
    }

    /// <summary>Each partition's counters, from one place: its shard here, or the store.</summary>
    private IEnumerable<CourseCounters> Counters() =>
        _shards
            .Select((_, partition) => Volatile.Read(ref _shards[partition])?.Counters ?? _foreign.Find(partition))
            .OfType<CourseCounters>();
}
