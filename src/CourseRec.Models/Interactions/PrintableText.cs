using System.Buffers;
using System.Globalization;
using System.Text;

namespace CourseRec.Models.Interactions;

/// <summary>
/// What may stand in an id: characters that a person can see and copy, and plain spaces between them.
/// </summary>
public static class PrintableText
{
    private static readonly SearchValues<char> VisibleAscii = SearchValues.Create([
        .. Enumerable.Range('!', '~' - '!' + 1).Select(code => (char)code),
    ]);

    /// <summary>Why a text can't be an id; null when it can.</summary>
    public static string? Fault(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty)
            return "must have 1 to 128 characters; it is empty";
        if (text.Length > InteractionParser.MaxIdLength)
            return "must have 1 to 128 characters; it is longer";
        if (!text.ContainsAnyExcept(VisibleAscii))
            return null;
        if (char.IsWhiteSpace(text[0]) || char.IsWhiteSpace(text[^1]))
            return "must not begin or end with white space";
        foreach (var rune in text.EnumerateRunes())
            if (!IsPrintable(rune))
                return "must have printable characters only (no control, invisible or unassigned ones, no "
                    + "separators but the plain space)";
        return null;
    }

    private static bool IsPrintable(Rune rune) =>
        rune.Value == ' '
        || Rune.GetUnicodeCategory(rune)
            is not (
                UnicodeCategory.Control
                or UnicodeCategory.Format
                or UnicodeCategory.LineSeparator
                or UnicodeCategory.ParagraphSeparator
                or UnicodeCategory.SpaceSeparator
                or UnicodeCategory.Surrogate
                or UnicodeCategory.OtherNotAssigned
            );
}
