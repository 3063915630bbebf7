using System.Buffers;
using System.Text.Unicode;
using CourseRec.Models.Interactions;

namespace CourseRec.Training.Data;

/// <summary>
/// Ids and their places in order of first sight. A new id is checked, a known one is found without allocating.
/// </summary>
internal sealed class IdTable
{
    private readonly List<string> _ids = [];
    private readonly Dictionary<string, int> _places = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _bySpan;

    public IdTable() => _bySpan = _places.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>The ids; a list that nobody changes any more once the file is read.</summary>
    public IReadOnlyList<string> Ids => _ids;

    public int Count => _ids.Count;

    /// <summary>The place of an id that was checked before.</summary>
    public int GetOrAdd(ReadOnlySpan<char> id)
    {
        if (_bySpan.TryGetValue(id, out var place))
            return place;
        var text = id.ToString();
        _ids.Add(text);
        return _places[text] = _ids.Count - 1;
    }

    /// <summary>The place of an id that was decoded; what was not UTF-8 became replacement characters.</summary>
    /// <exception cref="InteractionDataException">It was not UTF-8, is too long, empty, or has a control
    /// character.</exception>
    public int GetOrAdd(ReadOnlySpan<char> id, FileLines lines)
    {
        if (_bySpan.TryGetValue(id, out var place))
            return place;
        var status =
            id.Contains('\uFFFD') ? OperationStatus.InvalidData
            : id.Length > InteractionParser.MaxIdLength ? OperationStatus.DestinationTooSmall
            : OperationStatus.Done;
        Check(status, id, lines);
        return GetOrAdd(id);
    }

    /// <summary>The place of an id in UTF-8.</summary>
    /// <exception cref="InteractionDataException">It is not UTF-8, too long, empty, or has a control
    /// character.</exception>
    public int GetOrAdd(ReadOnlySpan<byte> id, FileLines lines)
    {
        Span<char> chars = stackalloc char[InteractionParser.MaxIdLength];
        var status = Utf8.ToUtf16(id, chars, out _, out var length, replaceInvalidSequences: false);
        var text = chars[..length];
        if (status == OperationStatus.Done && _bySpan.TryGetValue(text, out var place))
            return place;
        Check(status, text, lines);
        return GetOrAdd(text);
    }

    /// <summary>An id as it may stand in a message.</summary>
    public static string Printable(ReadOnlySpan<char> id)
    {
        var printable = string.Concat(id[..Math.Min(id.Length, 32)].ToArray().Select(c => char.IsControl(c) ? '?' : c));
        return id.Length > 32 ? printable + "…" : printable;
    }

    private static void Check(OperationStatus status, ReadOnlySpan<char> text, FileLines lines)
    {
        if (status == OperationStatus.InvalidData)
            throw lines.Malformed("it is not UTF-8 text");
        if (status != OperationStatus.Done)
            throw lines.Malformed($"id '{Printable(text)}' is longer than {InteractionParser.MaxIdLength} characters");
        if (text.IsEmpty)
            throw lines.Malformed("an id is empty");
        if (text.ToString().Any(char.IsControl))
            throw lines.Malformed($"id '{Printable(text)}' has a control character");
    }
}
