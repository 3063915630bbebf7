namespace CourseRec.Training.Data;

/// <summary>
/// A file of interactions as sequences: for every user the courses in order, by time where the file has times (ties in
/// the order of the file). Immutable, safe for concurrent use.
/// </summary>
public sealed class InteractionDataset
{
    private readonly int[] _starts;
    private readonly int[] _items;
    private readonly long[]? _times;

    internal InteractionDataset(
        InteractionFormat format,
        IReadOnlyList<string> users,
        IReadOnlyList<string> courses,
        int[] starts,
        int[] items,
        long[]? times
    )
    {
        Format = format;
        Users = users;
        Courses = courses;
        _starts = starts;
        _items = items;
        _times = times;
    }

    /// <summary>The format that was recognised.</summary>
    public InteractionFormat Format { get; }

    /// <summary>The users' ids, in order of first sight.</summary>
    public IReadOnlyList<string> Users { get; }

    /// <summary>The courses' ids, in order of first sight; a sequence names a course by its place here.</summary>
    public IReadOnlyList<string> Courses { get; }

    /// <summary>The interactions of all users.</summary>
    public int Events => _items.Length;

    /// <summary>Whether the file says when things happened, and not only in what order.</summary>
    public bool HasTimes => _times is not null;

    /// <summary>Reads a whole file.</summary>
    /// <exception cref="InteractionDataException">
    /// The file is missing, empty, of no known format or malformed; the message names file, line and what is expected.
    /// </exception>
    public static InteractionDataset Read(string path) => InteractionReader.Read(path);

    /// <summary>A data set from sequences in memory, without times.</summary>
    /// <param name="users">The users' ids.</param>
    /// <param name="courses">The courses' ids.</param>
    /// <param name="sequences">For every user, places in <paramref name="courses"/>, in order.</param>
    public static InteractionDataset Of(
        IReadOnlyList<string> users,
        IReadOnlyList<string> courses,
        IReadOnlyList<int[]> sequences
    )
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(sequences.Count, users.Count);
        var starts = new int[users.Count + 1];
        for (var user = 0; user < users.Count; user++)
            starts[user + 1] = starts[user] + sequences[user].Length;
        return new(InteractionFormat.Sequences, users, courses, starts, [.. sequences.SelectMany(s => s)], null);
    }

    /// <summary>A user's courses in order, [interactions of the user].</summary>
    public ReadOnlySpan<int> Sequence(int user) => _items.AsSpan(_starts[user].._starts[user + 1]);

    /// <summary>
    /// When each of <see cref="Sequence"/> happened, Unix milliseconds; empty when the file has no times.
    /// </summary>
    public ReadOnlySpan<long> Times(int user) => _times is null ? [] : _times.AsSpan(_starts[user].._starts[user + 1]);
}
