using System.Text;

namespace CourseRec.Training.Data;

/// <summary>Recognises a file's format from its first line and reads it to the end.</summary>
internal static class InteractionReader
{
    private const string Expected =
        "expected 'user course course …' or 'user course' lines, 'user::item::rating::timestamp' lines, "
        + "a CSV header that names a user and a course column (as userId,movieId,rating,timestamp), or JSON lines";

    public static InteractionDataset Read(string path)
    {
        if (Directory.Exists(path))
            throw new InteractionDataException($"{path} is a folder: name a file of interactions.");
        if (!File.Exists(path))
            throw new InteractionDataException($"{path} does not exist.");
        try
        {
            using var lines = new FileLines(path);
            return Read(lines);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InteractionDataException($"{path} can't be read: {e.Message}", e);
        }
    }

    private static InteractionDataset Read(FileLines lines)
    {
        var rows = new RowBuffer();
        if (!lines.TryRead(out var line))
            throw new InteractionDataException($"{lines.Path} is empty: {Expected}.");
        var (format, isHeader) = Recognise(line, lines, rows);
        if (!isHeader)
            format.Read(line);
        while (lines.TryRead(out line))
            format.Read(line);
        var dataset = DatasetAssembler.Assemble(format, rows);
        return dataset.Events > 0
            ? dataset
            : throw new InteractionDataException($"{lines.Path} has no interactions to learn from.");
    }

    private static (ILineFormat Format, bool IsHeader) Recognise(
        ReadOnlySpan<byte> line,
        FileLines lines,
        RowBuffer rows
    )
    {
        if (line.TrimStart(" \t"u8) is [(byte)'{', ..])
            return (new JsonLines(lines, rows), false);
        if (line.IndexOf("::"u8) > 0)
            return (new TableLines(InteractionFormat.MovieLens, TableColumns.MovieLens, new("::"), lines, rows), false);
        foreach (var separator in (string[])[",", ";", "\t"])
        {
            var fields = new FieldSplitter(separator);
            if (TableColumns.OfHeader(line, fields) is { } columns)
                return (new TableLines(InteractionFormat.Table, columns, fields, lines, rows), true);
        }
        if (line.ContainsAny(",;|[]<>\""u8) || !line.Trim(" \t"u8).ContainsAny(" \t"u8))
            throw Unknown(line, lines);
        return (new SequenceLines(lines, rows), false);
    }

    private static InteractionDataException Unknown(ReadOnlySpan<byte> line, FileLines lines)
    {
        var start = Encoding.UTF8.GetString(line[..Math.Min(line.Length, 64)]);
        return lines.Malformed($"'{IdTable.Printable(start)}' is of no known format: {Expected}");
    }
}
