using CourseRec.Actors.Sessions;
using CourseRec.Models.Interactions;

namespace CourseRec.Training.Data;

/// <summary>
/// CourseRec's own interactions, as accepted over HTTP or kept in the log. They are read as a session folds them by
/// the default rules: positive ones count, an id counts once, an erasure takes everything of the user before it away.
/// </summary>
internal sealed class JsonLines(FileLines lines, RowBuffer rows) : ILineFormat
{
    private readonly InteractionParser _parser = new();
    private readonly FoldRules _rules = new();
    private readonly HashSet<(int User, ulong Id)> _ids = [];
    private readonly Dictionary<int, (int Rows, long Time)> _erased = [];
    private bool? _hasTimes;

    public InteractionFormat Format => InteractionFormat.JsonLines;

    public bool HasTimes => _hasTimes == true;

    public void Read(ReadOnlySpan<byte> line)
    {
        if (
            !_parser.TryParseRecord(line, long.MaxValue, out _)
            && !_parser.TryParseRequest(line, long.MaxValue, out var error)
        )
            throw lines.Malformed(error.ToString());
        CheckTime();
        var time = HasTimes ? _parser.Time : 0;
        if (_parser.IsErasure)
        {
            _erased[rows.Users.GetOrAdd(_parser.User)] = (rows.Count, time);
            return;
        }
        if (_parser.IsUnparking || !_rules.IsPositive(_parser.Type, _parser.Value))
            return;
        var user = rows.Users.GetOrAdd(_parser.User);
        if (_parser.Id.IsEmpty || _ids.Add((user, StableHash.Of(_parser.Id))))
            rows.Add(user, rows.Courses.GetOrAdd(_parser.Course), time, lines);
    }

    public bool Keeps(int row) =>
        !_erased.TryGetValue(rows[row].User, out var erased) || row >= erased.Rows && rows[row].Time >= erased.Time;

    private void CheckTime()
    {
        var hasTime = _parser.Time != long.MinValue;
        if ((_hasTimes ??= hasTime) != hasTime)
            throw lines.Malformed(
                hasTime
                    ? "time: the lines before have none; all need one or none"
                    : "time: is required, the lines before have it"
            );
    }
}
