using Akka.Actor;
using CourseRec.Actors.Catalogue;
using CourseRec.Actors.Learning;
using CourseRec.Actors.Ports;
using CourseRec.Actors.Recommendations;
using CourseRec.Models.Catalogue;
using CourseRec.Models.Instant;
using Microsoft.Extensions.Logging;

namespace CourseRec.Actors.Partitions;

/// <summary>
/// The sessions of the partitions that this process owns: an actor each, the recommender over their counters, and the
/// way in for reads and watches.
/// </summary>
public sealed partial class SessionHost : IModelSink, IAsyncDisposable
{
    private const int MaxCount = 1000;
    private readonly PartitionServices _services;
    private readonly ForeignCounters _foreign;
    private readonly ActorSystem _actors;
    private Partition?[] _partitions = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationTokenSource _abandon = new();
    private Task _consuming = Task.CompletedTask;
    private Task _ticking = Task.CompletedTask;
    private Task _counting = Task.CompletedTask;

    /// <summary>A host that is not started.</summary>
    /// <exception cref="ArgumentException">The rules can't be; the message says why.</exception>
    public SessionHost(
        SessionHostOptions options,
        ActorSystem actors,
        IInteractionLog log,
        ISessionStore store,
        CourseIndex courses,
        CourseCatalogue catalogue,
        TimeProvider time,
        ILoggerFactory logging,
        IExampleSink? examples = null,
        IJudgeSink? judged = null,
        IRecommendationOutput? output = null
    )
    {
        options.Rules.Validate();
        _actors = actors;
        _services = new PartitionServices(
            options,
            log,
            store,
            courses,
            catalogue,
            new Recommender(options.Baselines, courses),
            new JudgeWindow(options.JudgeWindow),
            examples,
            judged,
            output,
            time,
            logging.CreateLogger("CourseRec.Sessions")
        );
        _foreign = new ForeignCounters(_services, Holds);
    }

    /// <summary>Every partition's state.</summary>
    public IReadOnlyList<PartitionStatus> Shards => [.. Owned().Select(partition => partition.Status)];

    /// <summary>Misrouted records that this process sent to their user's partition.</summary>
    public static long Forwarded => ActorsMetrics.Forwarded;

    /// <summary>
    /// Prequential quality of every contender over the last events that all were judged in, the serving one first. One
    /// that came lately has no figures (NaN) as yet.
    /// </summary>
    public IReadOnlyList<ContenderQuality> Quality =>
        _services.JudgeWindow.Read(_services.Recommender.Current.Contenders.Select(contender => contender.Name));

    /// <summary>
    /// Raised when a partition is not served here any more and everything that it held is stored, or lost to another.
    /// </summary>
    public event Action<int>? Released;

    /// <summary>
    /// Prequential quality of every contender over all judged events that the partitions served here remember.
    /// </summary>
    public IReadOnlyList<ContenderQuality> QualityEver =>
        [
            .. _services.Recommender.Current.Contenders.Select(contender =>
                Owned()
                    .Aggregate(default(JudgeTotals), (sum, partition) => sum + partition.JudgedBy(contender.Name))
                    .Average(contender.Name)
            ),
        ];

    /// <summary>Names the model snapshot that serves now.</summary>
    public string ModelVersion => _services.Recommender.Current.Serving.Version;

    /// <summary>The weights of the contenders' instant layers now, by contender.</summary>
    public IReadOnlyDictionary<string, InstantWeights> InstantWeights => _services.Recommender.Instant.Weights;

    /// <summary>Everything that ranks now: for measurements beside the live path.</summary>
    public RecommenderSnapshot Snapshot => _services.Recommender.Current;

    /// <summary>Completes when the host stops by itself, with the reason as its exception.</summary>
    public Task Completion => Task.WhenAny(_consuming, _ticking, _counting).Unwrap();

    /// <summary>
    /// Checks what the store is pinned to (and pins a new one), then consumes the log until stopped.
    /// </summary>
    /// <exception cref="StoreMismatchException">The store belongs to another log, partition count or rule
    /// set.</exception>
    public async Task StartAsync(CancellationToken cancel)
    {
        var manifest = await PinnedManifestAsync(cancel);
        _partitions = new Partition?[manifest.Log.Partitions];
        foreach (var finding in await CheckLogAsync(cancel))
            ActorsLog.Setting(_services.Logger, finding);
        foreach (var finding in await _services.Store.CheckSettingsAsync(cancel))
            ActorsLog.Setting(_services.Logger, finding);
        _consuming = _services.Log.ConsumeAsync(new Consumer(this, manifest.Generation), _stop.Token);
        _ticking = TickAsync();
        _counting = _foreign.FollowAsync(_partitions.Length, _stop.Token);
    }

    /// <summary>
    /// Drains what was read, stores it, writes the checkpoints. When cancelled it stores no more: the log replays the
    /// rest at the next start.
    /// </summary>
    public async Task StopAsync(CancellationToken cancel)
    {
        await _stop.CancelAsync();
        await using (cancel.Register(_abandon.Cancel))
            await Task.WhenAll(_consuming, _ticking, _counting);
    }

    /// <summary>The partition of a user's events.</summary>
    /// <exception cref="LogUnavailableException">The log is not open yet.</exception>
    public int PartitionOf(string user) => Partitioner.PartitionOf(user, _services.Log.Identity.Partitions);

    /// <summary>Whether the partition is assigned to this process, be it stopped or still catching up.</summary>
    public bool Holds(int partition) =>
        partition < _partitions.Length && Volatile.Read(ref _partitions[partition]) is not null;

    /// <summary>Whether this process may answer for the partition now: it holds it, and that is proven.</summary>
    public bool Serves(int partition) => Holds(partition) && _services.Log.IsOwnershipProven(partition);

    /// <summary>Goes on from instant layers' weights of an earlier run; before the start.</summary>
    public void Restore(IReadOnlyDictionary<string, InstantWeights> weights) =>
        _services.Recommender.Instant.Restore(weights);

    /// <inheritdoc/>
    public void Serve(TrainedModels models) => _services.Recommender.Serve(models);

    /// <summary>A user's session; one with nothing applied when the user is unknown.</summary>
    /// <exception cref="NotOwnedException">The user's partition is not served here now.</exception>
    /// <exception cref="UserParkedException">The user is parked.</exception>
    public Task<SessionView> GetSessionAsync(string user, CancellationToken cancel) =>
        PartitionFor(user).AskAsync<SessionView>(new GetSession(user), cancel);

    /// <summary>A user's recommendations now.</summary>
    /// <exception cref="NotOwnedException">The user's partition is not served here now.</exception>
    /// <exception cref="UserParkedException">The user is parked.</exception>
    public Task<RecommendationList> GetRecommendationsAsync(string user, int count, CancellationToken cancel)
    {
        CheckCount(count);
        return PartitionFor(user).AskAsync<RecommendationList>(new Recommend(user, count), cancel);
    }

    /// <summary>
    /// Posts the user's list now, and again whenever it may have changed, until the answer is disposed of. While the
    /// user is parked it is that of somebody unknown.
    /// </summary>
    /// <exception cref="NotOwnedException">The user's partition is not served here now.</exception>
    public async Task<IAsyncDisposable> WatchAsync(
        string user,
        int count,
        IRecommendationSink sink,
        CancellationToken cancel
    )
    {
        CheckCount(count);
        var watch = new Watch(count, sink);
        var partition = PartitionFor(user);
        var end = new WatchEnd(partition, user, watch);
        try
        {
            await partition.AskAsync<Watching>(new StartWatch(user, watch), cancel);
            return end;
        }
        catch
        {
            await end.DisposeAsync();
            throw;
        }
    }

    /// <summary>The most popular available courses now.</summary>
    public IReadOnlyList<Recommendation> Popular(int count)
    {
        CheckCount(count);
        var popularity = _services.Recommender.Current.Baselines.Popularity;
        var scores = new float[popularity.CourseCount];
        popularity.Score([], scores);
        return NewListMaker().Make(scores, count, RecommendationReason.Popular);
    }

    /// <summary>The courses most often taken after one.</summary>
    public IReadOnlyList<Recommendation> Similar(string course, int count)
    {
        CheckCount(count);
        var baselines = _services.Recommender.Current.Baselines;
        var index = _services.Courses.Find(course);
        if (index < 0)
            return [];
        var scores = new float[_services.Courses.Count];
        Array.Fill(scores, float.NegativeInfinity);
        foreach (var (successor, weight) in baselines.Successors(index, int.MaxValue))
            scores[successor] = (float)weight;
        return NewListMaker().Make(scores, count, new RecommendationReason("similar", course));
    }

    /// <summary>
    /// Ends at once what <see cref="StopAsync"/> has not ended; what was not stored is replayed at the next start.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _abandon.CancelAsync();
        await Task.WhenAll(_consuming, _ticking, _counting).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private static void CheckCount(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, MaxCount);
    }

    private async Task<StoreManifest> PinnedManifestAsync(CancellationToken cancel)
    {
        var log = _services.Log.Identity;
        var rules = _services.Options.Rules.ToJson();
        var pinned = await _services.Store.ReadManifestAsync(cancel);
        if (pinned is null)
        {
            pinned = new StoreManifest(1, log, rules, Sessions.SessionFormats.Newest);
            if (!await _services.Store.PinAsync(null, pinned, cancel))
                return await PinnedManifestAsync(cancel);
            ActorsLog.StorePinned(_services.Logger, log.Id, log.Partitions, pinned.Generation);
        }
        if (pinned.Log != log)
            throw new StoreMismatchException(
                $"The session store was made from log {pinned.Log.Id} with {pinned.Log.Partitions} partitions, this "
                    + $"is log {log.Id} "
                    + $"with {log.Partitions}. Put the right log back, or open a new generation (courserec "
                    + "generation open)."
            );
        if (pinned.Rules != rules)
            throw new StoreMismatchException(
                $"The session store was folded with the rules {pinned.Rules}, this node has {rules}. Configure the "
                    + "same rules, "
                    + "or start with a new store (another data directory or keyspace)."
            );
        Sessions.SessionFormats.Check(pinned);
        return pinned;
    }

    private async ValueTask<IReadOnlyList<string>> CheckLogAsync(CancellationToken cancel)
    {
        try
        {
            return await _services.Log.CheckSettingsAsync(cancel);
        }
        catch (LogUnavailableException e)
        {
            return [$"The log's settings can't be checked: {e.Message}"];
        }
    }

    private IEnumerable<Partition> Owned() => _partitions.OfType<Partition>();

    private ListMaker NewListMaker() =>
        new(_services.Courses, _services.Catalogue, _services.Options.Rules.HistoryLength);

    private Partition PartitionFor(string user)
    {
        if (_partitions.Length == 0)
            throw new NotOwnedException("the log is not open yet; this node serves as soon as it is");
        var partition = Partitioner.PartitionOf(user, _partitions.Length);
        return Volatile.Read(ref _partitions[partition])
            ?? throw new NotOwnedException($"partition {partition} of user {user} is not served here now");
    }
}
