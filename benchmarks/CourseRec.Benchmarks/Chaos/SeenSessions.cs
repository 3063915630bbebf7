using System.Collections.Concurrent;

namespace CourseRec.Benchmarks.Chaos;

/// <summary>
/// What clients were answered about sessions, by all nodes together: whoever asks after somebody was answered must not
/// be answered with an older session, whichever node it asks. Safe for concurrent use.
/// </summary>
internal sealed class SeenSessions
{
    private const int FindingsKept = 20;
    private readonly ConcurrentDictionary<string, Seen> _newest = [];
    private readonly ConcurrentQueue<string> _findings = [];
    private long _answers;
    private long _stale;

    /// <summary>Answers so far.</summary>
    public long Answers => Interlocked.Read(ref _answers);

    /// <summary>Those that were older than what somebody had seen before the question.</summary>
    public long Stale => Interlocked.Read(ref _stale);

    /// <summary>The first of these, in words.</summary>
    public IReadOnlyCollection<string> Findings => _findings;

    /// <summary>The newest that anybody was answered of a user so far. To be asked for before a question.</summary>
    public Seen NewestOf(string user) => _newest.GetValueOrDefault(user, Seen.Nothing);

    /// <summary>A question was answered.</summary>
    /// <param name="user">About whom.</param>
    /// <param name="least">What the answer must not be older than.</param>
    /// <param name="answer">The answer.</param>
    /// <param name="how">Who answered, and when, for messages.</param>
    public void Answered(string user, Seen least, Seen answer, string how)
    {
        Interlocked.Increment(ref _answers);
        _newest.AddOrUpdate(user, answer, (_, newest) => newest.And(answer));
        if (answer.Offset >= least.Offset && answer.Applied >= least.Applied)
            return;
        if (Interlocked.Increment(ref _stale) <= FindingsKept)
            _findings.Enqueue($"{user}: {how}: {answer}, though {least} was known before the question");
    }
}

/// <summary>A session, as far as it tells an older one from a newer.</summary>
/// <param name="Offset">The last record folded.</param>
/// <param name="Applied">Events folded.</param>
internal readonly record struct Seen(long Offset, long Applied)
{
    /// <summary>Older than any session.</summary>
    public static Seen Nothing { get; } = new(long.MinValue, 0);

    /// <summary>What is known when both are.</summary>
    public Seen And(Seen other) => new(Math.Max(Offset, other.Offset), Math.Max(Applied, other.Applied));

    /// <inheritdoc/>
    public override string ToString() =>
        Offset == long.MinValue ? $"{Applied} events" : $"offset {Offset}, {Applied} events";
}
