using System.Buffers.Text;
using System.Text;

namespace CourseRec.Training.Data;

/// <summary>One interaction a line, in columns. Fields may be quoted; a quoted field stays on its line.</summary>
internal sealed class TableLines(
    InteractionFormat format,
    TableColumns columns,
    byte[] separator,
    FileLines lines,
    RowBuffer rows
) : ILineFormat
{
    /// <summary>Unix times from here on are milliseconds (1973), below they are seconds (until 5138).</summary>
    private const double Milliseconds = 1e11;

    private readonly Range[] _fields = new Range[columns.Count];

    public InteractionFormat Format => format;

    public bool HasTimes => columns.Time >= 0;

    public void Read(ReadOnlySpan<byte> line)
    {
        Split(line);
        var time = columns.Time < 0 ? 0 : TimeOf(line[_fields[columns.Time]]);
        if (columns.Rating >= 0)
            NumberOf(line[_fields[columns.Rating]], "rating");
        var user = rows.Users.GetOrAdd(IdOf(line, columns.User), lines);
        rows.Add(user, rows.Courses.GetOrAdd(IdOf(line, columns.Course), lines), time, lines);
    }

    private void Split(ReadOnlySpan<byte> line)
    {
        var (count, at) = (0, 0);
        while (at <= line.Length)
        {
            var isQuoted = at < line.Length && line[at] == '"';
            var end = isQuoted ? EndOfQuoted(line, at) : EndOf(line, at);
            if (count < _fields.Length)
                _fields[count] = isQuoted ? (at + 1)..(end - 1) : at..end;
            count++;
            at = end + separator.Length;
        }
        if (count != columns.Count)
            throw lines.Malformed($"{count} fields, where {columns.Count} are expected");
    }

    private int EndOf(ReadOnlySpan<byte> line, int start) =>
        line[start..].IndexOf(separator) is var length and >= 0 ? start + length : line.Length;

    private int EndOfQuoted(ReadOnlySpan<byte> line, int start)
    {
        for (var at = start + 1; at < line.Length; at++)
        {
            if (line[at] != '"')
                continue;
            if (at + 1 == line.Length || line[(at + 1)..].StartsWith(separator))
                return at + 1;
            at++;
        }
        throw lines.Malformed("a quoted field does not end");
    }

    private ReadOnlySpan<byte> IdOf(ReadOnlySpan<byte> line, int column)
    {
        var id = line[_fields[column]].Trim(" \t"u8);
        return id.Contains((byte)'"') ? throw lines.Malformed("an id has a quotation mark") : id;
    }

    private long TimeOf(ReadOnlySpan<byte> field)
    {
        var time = NumberOf(field, "timestamp");
        if (time is < 0 or > 1e14)
            throw lines.Malformed(
                $"timestamp '{Encoding.UTF8.GetString(field)}' must be a Unix time in seconds or milliseconds"
            );
        return (long)Math.Round(time < Milliseconds ? time * 1000 : time);
    }

    private double NumberOf(ReadOnlySpan<byte> field, string name)
    {
        field = field.Trim(" \t"u8);
        if (
            Utf8Parser.TryParse(field, out double value, out var read)
            && read == field.Length
            && double.IsFinite(value)
        )
            return value;
        var text = Encoding.UTF8.GetString(field[..Math.Min(field.Length, 64)]);
        throw lines.Malformed($"{name} '{IdTable.Printable(text)}' must be a number");
    }
}
