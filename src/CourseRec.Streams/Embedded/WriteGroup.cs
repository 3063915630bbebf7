using CourseRec.Actors.Ports;

namespace CourseRec.Streams.Embedded;

/// <summary>
/// What is written in one transaction: the appends of all callers that came while the one before was written.
/// </summary>
internal sealed class WriteGroup
{
    private readonly BatchBuilder[] _builders;

    public WriteGroup(int partitions)
    {
        _builders = new BatchBuilder[partitions];
        for (var i = 0; i < partitions; i++)
            _builders[i] = new();
    }

    /// <summary>By partition.</summary>
    public IReadOnlyList<BatchBuilder> Builders => _builders;

    public List<NewCatalogueRecord> Courses { get; } = [];

    public List<DeadLetter> Letters { get; } = [];

    /// <summary>What the group counts against the queue's bound.</summary>
    public long Bytes { get; set; }

    /// <summary>Completes every caller of the group when it is durable, or fails them all.</summary>
    public TaskCompletionSource Done { get; private set; } = NewDone();

    public bool IsEmpty => Bytes == 0;

    /// <summary>Makes the group empty, to be filled again.</summary>
    public void Clear()
    {
        foreach (var builder in _builders)
            builder.Clear();
        Courses.Clear();
        Letters.Clear();
        Bytes = 0;
        Done = NewDone();
    }

    private static TaskCompletionSource NewDone() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
