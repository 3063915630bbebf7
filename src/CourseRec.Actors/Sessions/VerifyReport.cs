namespace CourseRec.Actors.Sessions;

/// <summary>What a verification found.</summary>
public sealed class VerifyReport
{
    private const int MaxDifferences = 20;
    private readonly List<SessionDifference> _differences = [];

    /// <summary>Users whose whole life is in the log and who were compared.</summary>
    public int Compared { get; private set; }

    /// <summary>Users of whom the log has only the end: retention has trimmed the rest.</summary>
    public int OlderThanLog { get; private set; }

    /// <summary>Users who are parked, and were not compared.</summary>
    public int Parked { get; private set; }

    /// <summary>Users whose stored session is not what the log folds to.</summary>
    public int Different { get; private set; }

    /// <summary>The first twenty of them.</summary>
    public IReadOnlyList<SessionDifference> Differences => _differences;

    internal void AddParked() => Parked++;

    internal void Add(string user, string? finding, bool isVerifiable = true)
    {
        if (!isVerifiable)
        {
            OlderThanLog++;
            return;
        }
        Compared++;
        if (finding is null)
            return;
        Different++;
        if (_differences.Count < MaxDifferences)
            _differences.Add(new(user, finding));
    }
}

/// <summary>A session that is not what the log folds to.</summary>
/// <param name="User">The user.</param>
/// <param name="Finding">What is different.</param>
public sealed record SessionDifference(string User, string Finding);
