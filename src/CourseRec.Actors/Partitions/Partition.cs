using Akka.Actor;
using CourseRec.Actors.Ports;
using CourseRec.Models.Baselines;

namespace CourseRec.Actors.Partitions;

/// <summary>A partition that this process holds: its actor, and what that leaves to be looked at.</summary>
internal sealed class Partition
{
    private const int RecordsPerMessage = 512;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private readonly PartitionServices _services;
    private readonly int _number;
    private readonly PartitionCounters _counters;
    private readonly PartitionProgress _progress;
    private readonly IActorRef _actor;
    private readonly CancellationTokenRegistration _abandoning;
    private volatile bool _isEnded;

    /// <summary>Makes its actor.</summary>
    /// <param name="services">What all partitions share.</param>
    /// <param name="actors">Where it is made.</param>
    /// <param name="number">The partition.</param>
    /// <param name="generation">The log's generation.</param>
    /// <param name="abandon">Ends it at once; it stores nothing more.</param>
    public Partition(
        PartitionServices services,
        IActorRefFactory actors,
        int number,
        int generation,
        CancellationToken abandon
    )
    {
        (_services, _number) = (services, number);
        _counters = new PartitionCounters(services.Options.Baselines, services.Courses);
        _progress = new PartitionProgress(number);
        var (counters, progress) = (_counters, _progress);
        _actor = actors.ActorOf(
            Props.Create(() => new PartitionActor(services, number, generation, counters, progress))
        );
        _abandoning = abandon.Register(() => _actor.Tell(Abandon.It));
    }

    /// <summary>The counters; lock them while reading.</summary>
    public CourseCounters Counters => _counters.Courses;

    /// <summary>The partition's state.</summary>
    public PartitionStatus Status => _progress.Status;

    /// <summary>What a contender has come to in this partition.</summary>
    public JudgeTotals JudgedBy(string contender)
    {
        lock (Counters)
            return _counters.Judged.GetValueOrDefault(contender);
    }

    /// <summary>Restores it. Answers the offset to read from.</summary>
    /// <exception cref="PartitionStoppedException">Store and log do not agree.</exception>
    public async Task<long> RestoreAsync(OffsetRange range, CancellationToken cancel) =>
        (await _actor.Ask<Restored>(new Restore(range), Timeout.InfiniteTimeSpan, cancel)).From;

    /// <summary>Hands records over; waits until there is room for more.</summary>
    /// <exception cref="PartitionStoppedException">It takes nothing any more.</exception>
    public async ValueTask TakeAsync(ReadOnlyMemory<LogRecord> records, CancellationToken cancel)
    {
        for (var at = 0; at < records.Length; at += RecordsPerMessage)
        {
            var chunk = records.Slice(at, Math.Min(RecordsPerMessage, records.Length - at));
            await _actor.Ask<Taken>(new TakeRecords(chunk), Timeout.InfiniteTimeSpan, cancel);
        }
    }

    /// <summary>Tells it that time has passed, and where the log ends.</summary>
    public void Tick(long end) => _actor.Tell(new Tick(end));

    /// <summary>Tells it something that is not answered.</summary>
    public void Tell(Question question) => _actor.Tell(question);

    /// <summary>Asks about a user.</summary>
    /// <exception cref="NotOwnedException">The partition is not served here, or stopped.</exception>
    /// <exception cref="StoreUnavailableException">The store (or the log) is away, and so is the answer.</exception>
    public async Task<T> AskAsync<T>(Question question, CancellationToken cancel)
    {
        var answer = _actor.Ask<T>(question, Timeout.InfiniteTimeSpan, cancel);
        while (true)
        {
            try
            {
                return await answer.WaitAsync(Patience, _services.Time, cancel);
            }
            catch (TimeoutException) when (_progress.WaitsFor is { } away)
            {
                throw new StoreUnavailableException($"Partition {_number} waits: {away}");
            }
            catch (TimeoutException) when (_isEnded)
            {
                throw new NotOwnedException($"partition {_number} is not served here any more");
            }
            catch (TimeoutException)
            {
                // Busy, as with what it has to catch up: the answer comes.
            }
        }
    }

    /// <summary>Folds what was taken, stores it and ends. When cancelled, it stores nothing more.</summary>
    public async Task DrainAsync(CancellationToken discard)
    {
        var stopped = _actor.Ask<Stopped>(Drain.It, Timeout.InfiniteTimeSpan, CancellationToken.None);
        await using (discard.Register(() => _actor.Tell(Abandon.It)))
            await stopped;
        await _abandoning.DisposeAsync();
        _isEnded = true;
        _actor.Tell(PoisonPill.Instance);
    }

    /// <summary>Ends at once and stores nothing more: somebody else may own the partition already.</summary>
    public Task AbandonAsync()
    {
        _actor.Tell(Abandon.It);
        return DrainAsync(CancellationToken.None);
    }
}
