using CourseRec.Actors.Catalogue;
using CourseRec.Actors.Learning;
using CourseRec.Actors.Partitions;
using CourseRec.Actors.Ports;
using CourseRec.Actors.Recommendations;
using CourseRec.Actors.Sessions;
using CourseRec.Models.Baselines;
using CourseRec.Models.Catalogue;
using CourseRec.Persistence.Sqlite;
using CourseRec.Streams.Embedded;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace CourseRec.Actors.Tests.Partitions;

/// <summary>
/// What the actors of partition 0 need: a real log and store in a folder of their own, which the test holds back, and
/// a clock that stands still.
/// </summary>
internal sealed class PartitionParts : IAsyncDisposable
{
    private readonly DataFolder _folder = new();
    private readonly Recommender _recommender;

    public PartitionParts(
        SessionHostOptions? options = null,
        IExampleSink? examples = null,
        IRecommendationOutput? output = null
    )
    {
        Options = options ?? new SessionHostOptions();
        Log = EmbeddedLog.Open(
            new EmbeddedLogOptions { Path = _folder.Log, Partitions = 1 },
            TimeProvider.System,
            NullLogger<EmbeddedLog>.Instance
        );
        Store = new HeldStore(SqliteSessionStore.Open(new SqliteSessionStoreOptions { Path = _folder.Store }));
        Catalogue = new CourseCatalogue(Courses);
        _recommender = new Recommender(Options.Baselines, Courses);
        Shared = new PartitionServices(
            Options,
            Log,
            Store,
            Courses,
            Catalogue,
            _recommender,
            new JudgeWindow(Options.JudgeWindow),
            new HeldPartitions((_, _) => { }),
            Proof,
            "test",
            examples,
            null,
            output,
            Time,
            NullLogger.Instance
        );
    }

    public SessionHostOptions Options { get; }

    public EmbeddedLog Log { get; }

    public HeldStore Store { get; }

    public TestProof Proof { get; } = new();

    public CourseIndex Courses { get; } = new();

    public CourseCatalogue Catalogue { get; }

    public FakeTimeProvider Time { get; } = new(Pipeline.Start);

    public PartitionServices Shared { get; }

    /// <summary>Pins the store to the log, as the host does before it makes partitions.</summary>
    public async Task PinAsync() =>
        Assert.True(
            await Store.PinAsync(
                null,
                new StoreManifest(1, Log.Identity, Options.Rules.ToJson(), SessionFormats.Newest),
                CancellationToken.None
            )
        );

    /// <summary>Publishes a recommender that has seen these courses chosen.</summary>
    public void Publish(params string[] chosen)
    {
        var counters = new CourseCounters(Options.Baselines);
        foreach (var course in chosen)
            counters.Add(new Observation(Courses.GetOrAdd(course), Pipeline.Start.ToUnixTimeSeconds(), -1, -1, -1));
        _recommender.Publish([counters]);
    }

    public async ValueTask DisposeAsync()
    {
        await Log.DisposeAsync();
        await Store.DisposeAsync();
        _folder.Dispose();
    }
}
