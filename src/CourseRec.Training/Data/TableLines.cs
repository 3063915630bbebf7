using System.Globalization;

namespace CourseRec.Training.Data;

/// <summary>One interaction a line, in columns. Fields may be quoted; a quoted field stays on its line.</summary>
internal sealed class TableLines(
    InteractionFormat format,
    TableColumns columns,
    FieldSplitter fields,
    FileLines lines,
    RowBuffer rows
) : ILineFormat
{
    /// <summary>Unix times from here on are milliseconds (1973), below they are seconds (until 5138).</summary>
    private const double Milliseconds = 1e11;

    public InteractionFormat Format => format;

    public bool HasTimes => columns.Time >= 0;

    public void Read(ReadOnlySpan<byte> line)
    {
        if (!fields.TrySplit(line))
            throw lines.Malformed("a quoted field does not end");
        if (fields.Count != columns.Count)
            throw lines.Malformed($"{fields.Count} fields, where {columns.Count} are expected");
        var time = columns.Time < 0 ? 0 : TimeOf(fields[columns.Time]);
        if (columns.Rating >= 0)
            NumberOf(fields[columns.Rating], "rating");
        var user = rows.Users.GetOrAdd(IdOf(columns.User), lines);
        rows.Add(user, rows.Courses.GetOrAdd(IdOf(columns.Course), lines), time, lines);
    }

    private ReadOnlySpan<char> IdOf(int column)
    {
        var id = fields[column].AsSpan().Trim(" \t");
        return id.Contains('"') ? throw lines.Malformed("an id has a quotation mark") : id;
    }

    private long TimeOf(string field)
    {
        var time = NumberOf(field, "timestamp");
        if (time is < 0 or > 1e14)
            throw lines.Malformed($"timestamp '{field}' must be a Unix time in seconds or milliseconds");
        return (long)Math.Round(time < Milliseconds ? time * 1000 : time);
    }

    private double NumberOf(string field, string name)
    {
        var text = field.AsSpan().Trim(" \t");
        return
            double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
            && double.IsFinite(value)
            ? value
            : throw lines.Malformed($"{name} '{IdTable.Printable(text)}' must be a number");
    }
}
