using Akka.Actor;
using Akka.Cluster.Tools.PublishSubscribe;
using CourseRec.Actors.Catalogue;
using CourseRec.Actors.Hosting;
using CourseRec.Actors.Learning;
using CourseRec.Actors.Ports;
using CourseRec.Actors.Push;
using CourseRec.Actors.Recommendations;
using CourseRec.Models.Baselines;
using CourseRec.Models.Catalogue;
using CourseRec.Models.Instant;
using Microsoft.Extensions.Logging;

namespace CourseRec.Actors.Partitions;

/// <summary>
/// A process's part in the sessions: the partitions that run here, the recommender over what all partitions count, and
/// the way to every user's session, wherever it is.
/// </summary>
public sealed class SessionHost : IModelSink, IAsyncDisposable
{
    private const int MaxCount = 100;
    private const int PingsPerLifetime = 3;
    private readonly PartitionServices _services;
    private readonly ForeignCounters _foreign = new();
    private readonly ActorSystem _actors;
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationTokenSource _ended = new();
    private int _partitions;
    private int _generation;
    private PartitionRegion? _region;
    private PartitionRegion? _learned;
    private PartitionQuestions? _questions;
    private PushConnections? _connections;
    private IActorRef _counters = ActorRefs.Nobody;
    private IActorRef _starts = ActorRefs.Nobody;
    private Task _publishing = Task.CompletedTask;

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
            new HeldPartitions(OnReleased),
            ProofFor(options, actors, time),
            IsListening(options) ? null : options.Node,
            examples,
            judged,
            output,
            time,
            logging.CreateLogger("CourseRec.Sessions")
        );
    }

    /// <summary>The state of every partition that runs here.</summary>
    public IReadOnlyList<PartitionStatus> Shards => [.. _services.Held.All.Select(held => held.Progress.Status)];

    /// <summary>Misrouted records that this process sent to their user's partition.</summary>
    public static long Forwarded => ActorsMetrics.Forwarded;

    /// <summary>
    /// Prequential quality of every contender over the last events that all were judged in, the serving one first. One
    /// that came lately has no figures (NaN) as yet.
    /// </summary>
    public IReadOnlyList<ContenderQuality> Quality =>
        _services.JudgeWindow.Read(_services.Recommender.Current.Contenders.Select(contender => contender.Name));

    /// <summary>
    /// Prequential quality of every contender over all judged events that the partitions served here remember.
    /// </summary>
    public IReadOnlyList<ContenderQuality> QualityEver =>
        [
            .. _services.Recommender.Current.Contenders.Select(contender =>
                _services
                    .Held.All.Aggregate(
                        default(JudgeTotals),
                        (sum, partition) => sum + partition.JudgedBy(contender.Name)
                    )
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
    public Task Completion => _publishing;

    /// <summary>
    /// Checks what the store is pinned to (and pins a new one), then starts what runs of the partitions here.
    /// </summary>
    /// <exception cref="StoreMismatchException">The store belongs to another log, partition count or rule
    /// set.</exception>
    /// <exception cref="StoreUnavailableException">The store is away, or new, and not this process's to
    /// prepare.</exception>
    public async Task StartAsync(CancellationToken cancel)
    {
        var manifest = await new StartChecks(_services).RunAsync(cancel);
        (_partitions, _generation) = (manifest.Log.Partitions, manifest.Generation);
        var options = _services.Options;
        var announcer = new StartAnnouncer(_actors, options.Placement);
        _region = PartitionRegion.Start(_actors, options.Placement, manifest, PropsOf);
        if (options.Placement == Placement.Learning)
            _learned = PartitionRegion.Start(_actors, Placement.Listening, manifest, PropsOf);
        var extractor = new PartitionExtractor(_partitions);
        var questions = new PartitionQuestions(_region.Ref, extractor, options, _services.Time, _ended.Token);
        _questions = questions;
        _starts = _actors.ActorOf(Props.Create(() => new StartListener(announcer, questions.AskAgain)), "starts");
        _connections = new PushConnections(_actors, _region.Ref, announcer, _partitions, _services);
        if (options.Placement is Placement.Sharded or Placement.Elsewhere)
            _counters = _actors.ActorOf(
                Props.Create(() =>
                    new CountersActor(_services, _foreign, _partitions, DistributedPubSub.Get(_actors).Mediator)
                ),
                "counters"
            );
        _publishing = PublishAsync();

        Props PropsOf(int partition) => PartitionActor.Props(_services, partition, announcer.Announce);
    }

    /// <summary>
    /// Drains what runs here, stores it and hands it over. When cancelled it stores no more: the log replays the rest.
    /// </summary>
    public async Task StopAsync(CancellationToken cancel)
    {
        await _stop.CancelAsync();
        foreach (var region in Regions)
            await region.StopAsync(_services.Held.EndAsync(), cancel);
        var connections = _connections;
        (_questions, _connections) = (null, null);
        await _ended.CancelAsync();
        connections?.Stop();
        foreach (var actor in new[] { _counters, _starts })
            actor.Tell(PoisonPill.Instance);
        await _publishing;
    }

    /// <summary>The partition of a user's events.</summary>
    /// <exception cref="LogUnavailableException">The log is not open yet.</exception>
    public int PartitionOf(string user) => Partitioner.PartitionOf(user, _services.Log.Identity.Partitions);

    /// <summary>Whether the partition runs here, be it stopped or still catching up.</summary>
    public bool Holds(int partition) => _services.Held.Find(partition) is not null;

    /// <summary>Whether it is proven that nobody else has the partitions that run here.</summary>
    public bool IsProven => _services.Proof.IsProven;

    /// <summary>Whether this process may answer for the partition now: it runs here, and that is proven.</summary>
    public bool Serves(int partition) => Holds(partition) && _services.Proof.IsProven;

    /// <summary>Goes on from instant layers' weights of an earlier run; before the start.</summary>
    public void Restore(IReadOnlyDictionary<string, InstantWeights> weights) =>
        _services.Recommender.Instant.Restore(weights);

    /// <inheritdoc/>
    public void Serve(TrainedModels models) => _services.Recommender.Serve(models);

    /// <summary>
    /// The highest version of each partition that was written to, for <c>after</c> of a read; empty while the sessions
    /// are not open.
    /// </summary>
    public IReadOnlyList<PartitionVersion> VersionsOf(IReadOnlyList<PartitionEnd> ends) =>
        _generation == 0
            ? []
            :
            [
                .. ends.Select(end => new PartitionVersion(
                    end.Partition,
                    LogVersion.At(_generation, end.End - 1).Value
                )),
            ];

    /// <summary>A user's session; one with nothing applied when the user is unknown.</summary>
    /// <param name="user">The user.</param>
    /// <param name="after">The version that the answer is to reflect at least; None for what there is.</param>
    /// <param name="cancel">Ends the waiting.</param>
    /// <exception cref="NotOwnedException">Nobody serves the user's partition now.</exception>
    /// <exception cref="UserParkedException">The user is parked.</exception>
    public Task<SessionView> GetSessionAsync(string user, LogVersion after, CancellationToken cancel) =>
        Questions.AskAsync<SessionView>(new GetSession(user, after), cancel);

    /// <summary>A user's recommendations now.</summary>
    /// <param name="user">The user.</param>
    /// <param name="count">How many.</param>
    /// <param name="after">The version that the answer is to reflect at least; None for what there is.</param>
    /// <param name="cancel">Ends the waiting.</param>
    /// <exception cref="NotOwnedException">Nobody serves the user's partition now.</exception>
    /// <exception cref="UserParkedException">The user is parked.</exception>
    public Task<RecommendationList> GetRecommendationsAsync(
        string user,
        int count,
        LogVersion after,
        CancellationToken cancel
    )
    {
        CheckCount(count);
        return Questions.AskAsync<RecommendationList>(new Recommend(user, count, after), cancel);
    }

    /// <summary>A client's connection, to watch a user with.</summary>
    /// <exception cref="NotOwnedException">The log is not open yet.</exception>
    public Task<PushConnection> ConnectAsync(string user, IPushChannel channel) =>
        (_connections ?? throw NotOpen()).OpenAsync(user, channel);

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
        foreach (var region in Regions)
            await region.StopAsync(Task.CompletedTask, new CancellationToken(canceled: true));
        await _publishing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private IEnumerable<PartitionRegion> Regions => new[] { _learned, _region }.OfType<PartitionRegion>();

    private static bool IsListening(SessionHostOptions options) =>
        options.Placement is Placement.Listening or Placement.Learning;

    /// <summary>The removal margin is the proof's lifetime.</summary>
    private static IServingProof ProofFor(SessionHostOptions options, ActorSystem actors, TimeProvider time)
    {
        if (options.Placement != Placement.Sharded)
            return new FixedProof(isProven: !IsListening(options));
        var lifetime = actors.Settings.Config.GetTimeSpan("akka.cluster.down-removal-margin");
        var proof = new ServingProof(lifetime, time);
        actors.ActorOf(
            Props
                .Create(() => new ServingProofActor(proof, lifetime / PingsPerLifetime))
                .WithDispatcher(SessionCluster.ProofDispatcher),
            ServingProofActor.Name
        );
        return proof;
    }

    /// <summary>Another node is to have the partition at once, where there is one.</summary>
    private void OnReleased(int partition, CourseCounters counters)
    {
        _foreign.Keep(partition, counters);
        if (_services.Options.Placement == Placement.Sharded && SessionCluster.HasOthers(_actors))
            _region!.Ref.Tell(new Wake(partition));
    }

    private PartitionQuestions Questions => _questions ?? throw NotOpen();

    private static NotOwnedException NotOpen() => new("the sessions are not open here yet, or not any more; try again");

    /// <summary>Publishes what ranks, again and again.</summary>
    private async Task PublishAsync()
    {
        using var timer = new PeriodicTimer(_services.Options.PublishInterval, _services.Time);
        await using var ending = _stop.Token.Register(timer.Dispose);
        do _services.Recommender.Publish([.. Counters()]);
        while (await timer.WaitForNextTickAsync(CancellationToken.None));
    }

    /// <summary>Each partition's counters, from one place: its partition here, or the store.</summary>
    private IEnumerable<CourseCounters> Counters() =>
        Enumerable
            .Range(0, _partitions)
            .Select(number => _services.Held.Find(number)?.Counters.Courses ?? _foreign.Find(number))
            .OfType<CourseCounters>();

    private static void CheckCount(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, MaxCount);
    }

    private ListMaker NewListMaker() =>
        new(_services.Courses, _services.Catalogue, _services.Options.Rules.HistoryLength);
}
