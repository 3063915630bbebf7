using CourseRec.Cli.Replay;
using CourseRec.Cli.Targets;
using CourseRec.Models.Interactions;

namespace CourseRec.Benchmarks.Online.Streams;

/// <summary>
/// A data set as enrolments, without what is held back: at the file's times, or, where it has an order within users
/// only, mixed and one second apart from a fixed day on.
/// </summary>
internal sealed class DatasetStream(string file, HeldBack data) : IBenchStream
{
    private static readonly DateTimeOffset Start = new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <inheritdoc/>
    public string Name =>
        $"{Path.GetFileName(file)}, {(data.Whole.HasTimes ? "at its own times" : "users mixed at random")}";

    /// <inheritdoc/>
    public int Events => data.StreamedEvents;

    /// <inheritdoc/>
    public IEnumerable<StreamItem> Read() =>
        data.Stream().Select((e, i) => new StreamItem(ToEvent(e.User, e.Position, i), []));

    private OutgoingEvent ToEvent(int user, int position, int place)
    {
        var whole = data.Whole;
        var course = whole.Courses[whole.Sequence(user)[position]];
        var time = whole.HasTimes
            ? DateTimeOffset.FromUnixTimeMilliseconds(whole.Times(user)[position])
            : Start.AddSeconds(place);
        return new(
            ReplayStream.IdOf(whole.Users[user], position, course),
            whole.Users[user],
            course,
            InteractionType.Enroll,
            Value: null,
            time
        );
    }
}
