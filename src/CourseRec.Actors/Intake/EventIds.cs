using NUlid;
using NUlid.Rng;

namespace CourseRec.Actors.Intake;

/// <summary>
/// Ids for events that came without one: ULIDs (github.com/ulid/spec), 26 characters that sort by time and, within a
/// millisecond, by order of making. Safe for concurrent use.
/// </summary>
public sealed class EventIds(TimeProvider time)
{
    private readonly MonotonicUlidRng _random = new();

    /// <summary>A new id.</summary>
    public string Next() => Ulid.NewUlid(time.GetUtcNow(), _random).ToString();
}
