using CourseRec.Actors.Ports;
using CourseRec.Actors.Recommendations;

namespace CourseRec.Actors.Partitions;

/// <summary>
/// Restores the partition from the store and checks that the store and the log agree. Answered with
/// <see cref="Restored"/>, or with the failure.
/// </summary>
/// <param name="Range">The offsets that the log holds.</param>
internal sealed record Restore(OffsetRange Range);

/// <summary>The partition is restored, and takes records.</summary>
/// <param name="From">The offset to read from.</param>
internal sealed record Restored(long From);

/// <summary>
/// Records to fold, in the log's order. Answered with <see cref="Taken"/> when there is room for the next ones, or with
/// the failure.
/// </summary>
/// <param name="Batch">The records.</param>
internal sealed record TakeRecords(ReadOnlyMemory<LogRecord> Batch);

/// <summary>There is room for more records.</summary>
internal sealed record Taken
{
    public static Taken It { get; } = new();
}

/// <summary>Time has passed: store what is due, make lists that are due.</summary>
/// <param name="End">One past the log's last record.</param>
internal sealed record Tick(long End);

/// <summary>Fold what was taken, store it and stop. Answered with <see cref="Stopped"/>.</summary>
internal sealed record Drain
{
    public static Drain It { get; } = new();
}

/// <summary>
/// Stop at once and store nothing more: somebody else may own the partition already. Not answered; <see cref="Drain"/>
/// is, after it.
/// </summary>
internal sealed record Abandon
{
    public static Abandon It { get; } = new();
}

/// <summary>The partition takes nothing any more, and stores nothing.</summary>
internal sealed record Stopped
{
    public static Stopped It { get; } = new();
}

/// <summary>A question about a user. The user's actor answers it, or the reason why not comes back.</summary>
/// <param name="User">The user.</param>
internal abstract record Question(string User);

/// <summary>Asks for the session; answered with a <see cref="SessionView"/>.</summary>
internal sealed record GetSession(string User) : Question(User);

/// <summary>Asks for the list now; answered with a <see cref="RecommendationList"/>.</summary>
internal sealed record Recommend(string User, int Count) : Question(User);

/// <summary>Starts a watch, and posts the list as it is now; answered with <see cref="Watching"/>.</summary>
internal sealed record StartWatch(string User, Watch Watch) : Question(User);

/// <summary>The watch has begun.</summary>
internal sealed record Watching
{
    public static Watching It { get; } = new();
}

/// <summary>Ends a watch; not answered.</summary>
internal sealed record EndWatch(string User, Watch Watch) : Question(User);

/// <summary>Somebody who watches a user.</summary>
/// <param name="Count">How many courses they want.</param>
/// <param name="Sink">Where the lists go.</param>
internal sealed record Watch(int Count, IRecommendationSink Sink);
