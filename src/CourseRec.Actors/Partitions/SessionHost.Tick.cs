using CourseRec.Actors.Ports;
using CourseRec.Models.Baselines;

namespace CourseRec.Actors.Partitions;

public sealed partial class SessionHost
{
    private static readonly TimeSpan TickInterval = TimeSpan.FromMilliseconds(100);

    /// <summary>Tells the partitions that time passes, and publishes what ranks.</summary>
    private async Task TickAsync()
    {
        using var timer = new PeriodicTimer(TickInterval, _services.Time);
        using var ending = _stop.Token.Register(timer.Dispose);
        var published = 0L;
        do
        {
            foreach (var (number, partition) in _partitions.Index())
            {
                if (partition is not null)
                    await TickAsync(partition, number);
            }
            if (_services.Time.GetElapsedTime(published) >= _services.Options.PublishInterval)
            {
                published = _services.Time.GetTimestamp();
                _services.Recommender.Publish([.. Counters()]);
            }
        } while (await timer.WaitForNextTickAsync());
    }

    private async Task TickAsync(Partition partition, int number)
    {
        try
        {
            partition.Tick((await _services.Log.RangeAsync(number, CancellationToken.None)).End);
        }
        catch (LogUnavailableException)
        {
            // The log says so itself; the next tick asks again.
        }
    }

    /// <summary>Each partition's counters, from one place: its partition here, or the store.</summary>
    private IEnumerable<CourseCounters> Counters() =>
        _partitions
            .Select((_, partition) => Volatile.Read(ref _partitions[partition])?.Counters ?? _foreign.Find(partition))
            .OfType<CourseCounters>();
}
