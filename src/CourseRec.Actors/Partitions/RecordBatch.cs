using CourseRec.Actors.Ports;
using CourseRec.Actors.Sessions;

namespace CourseRec.Actors.Partitions;

/// <summary>
/// Records of a partition that were read at once, sorted: by user to fold here, to forward to the user's own partition,
/// or dead. It is done when every user's part is folded.
/// </summary>
/// <param name="last">The last record.</param>
/// <param name="acceptedAt">When that was accepted, Unix milliseconds.</param>
/// <param name="count">Records read.</param>
internal sealed class RecordBatch(LogVersion last, long acceptedAt, int count)
{
    private readonly List<UserBatch> _users = [];
    private bool _hasUnparking;

    /// <summary>The last record.</summary>
    public LogVersion Last { get; } = last;

    /// <summary>When it was accepted, Unix milliseconds.</summary>
    public long AcceptedAt { get; } = acceptedAt;

    /// <summary>The id of its event (or its checksum), for the checkpoint.</summary>
    public string LastEventId { get; set; } = "";

    /// <summary>Records read.</summary>
    public int Count { get; } = count;

    /// <summary>Each user's records.</summary>
    public IReadOnlyList<UserBatch> Users => _users;

    /// <summary>What each part came to.</summary>
    public List<Applied> Applied { get; } = [];

    /// <summary>Whether every part is folded.</summary>
    public bool IsDone => Applied.Count == _users.Count;

    /// <summary>Whether somebody may have mended the stored session of one of its users.</summary>
    public bool MayBeMended => _hasUnparking && Users.Any(part => part.Cell.IsDamaged && part.HasUnparking);

    /// <summary>Records of other partitions' users.</summary>
    public List<NewRecord> ToForward { get; } = [];

    /// <summary>Records that can't be folded.</summary>
    public List<DeadLetter> Dead { get; } = [];

    /// <summary>The sources of the records to forward.</summary>
    public List<string> Misrouted { get; } = [];

    /// <summary>Adds a record to fold.</summary>
    public void Add(SessionCell cell, in UserRecord record)
    {
        var active = cell.Active;
        if (active.Reading?.Whole != this)
            _users.Add(active.Reading = new UserBatch(cell, this));
        active.Reading.Add(record);
        _hasUnparking |= record.Kind == RecordKind.Unparking;
    }

    /// <summary>Lets such sessions be read from the store once more.</summary>
    public void LookAgain()
    {
        if (!MayBeMended)
            return;
        foreach (var part in Users.Where(part => part.Cell.IsDamaged && part.HasUnparking))
            part.Cell.Packed = null;
        _hasUnparking = false;
    }
}
