using CourseRec.Cli.Replay;
using CourseRec.Training.Data;
using CourseRec.Training.Evaluation;

namespace CourseRec.Benchmarks.Online.Streams;

/// <summary>
/// A data set, or its first events, with each user's last course held back (of users with three and more): what is
/// streamed, and what is predicted in the end.
/// </summary>
internal sealed class HeldBack
{
    private readonly int[] _order;

    /// <summary>Mixes the users and cuts the data.</summary>
    /// <param name="file">The data's name, for errors.</param>
    /// <param name="whole">The data.</param>
    /// <param name="seed">Mixes the users of data without times.</param>
    /// <param name="limit">The first events that count, the last courses of their users included; null: all.</param>
    /// <exception cref="InteractionDataException">There is too little to learn or to judge.</exception>
    public HeldBack(string file, InteractionDataset whole, int seed, int? limit)
    {
        Whole = whole;
        _order = Interleaver.Order(whole, seed);
        if (limit < _order.Length)
            Array.Resize(ref _order, limit.Value);
        Data = FirstEvents();
        Split = new LeaveOneOut(Data);
        Split.Validate(file);
    }

    /// <summary>The data as read, times included.</summary>
    public InteractionDataset Whole { get; }

    /// <summary>The events that count; users and courses keep their places.</summary>
    public InteractionDataset Data { get; }

    /// <summary>Its test part is what is held back; its validation part is streamed like everything else.</summary>
    public LeaveOneOut Split { get; }

    /// <summary>Events that are streamed.</summary>
    public int StreamedEvents => Data.Events - Split.Judged.Length;

    /// <summary>What is streamed of a user, oldest first.</summary>
    public ReadOnlySpan<int> Streamed(int user) =>
        Split.IsJudged(user) ? Data.Sequence(user)[..^1] : Data.Sequence(user);

    /// <summary>The stream: users, and the places of their events.</summary>
    public IEnumerable<(int User, int Position)> Stream()
    {
        var positions = new int[Data.Users.Count];
        foreach (var user in _order)
        {
            var position = positions[user]++;
            if (position < Streamed(user).Length)
                yield return (user, position);
        }
    }

    private InteractionDataset FirstEvents()
    {
        var lengths = new int[Whole.Users.Count];
        foreach (var user in _order)
            lengths[user]++;
        return InteractionDataset.Of(
            Whole.Users,
            Whole.Courses,
            [.. lengths.Select((length, user) => Whole.Sequence(user)[..length].ToArray())]
        );
    }
}
