using System.Globalization;
using System.Text;
using CourseRec.Models.Interactions;

namespace CourseRec.Actors.Intake;

/// <summary>The rule for ids that come from outside: users and courses, in URLs and in the catalogue.</summary>
public static class ExternalId
{
    /// <summary>The rule in words, to follow a field's name in an error.</summary>
    public const string Rule = "must be 1 to 128 printable characters";

    /// <summary>Whether an id is 1–128 UTF-16 characters, all printable, with no half of a surrogate pair.</summary>
    public static bool IsValid(ReadOnlySpan<char> id)
    {
        if (id.Length is 0 or > InteractionParser.MaxIdLength)
            return false;
        while (!id.IsEmpty)
        {
            if (Rune.DecodeFromUtf16(id, out var rune, out var used) != System.Buffers.OperationStatus.Done)
                return false;
            if (!IsPrintable(rune))
                return false;
            id = id[used..];
        }
        return true;
    }

    private static bool IsPrintable(Rune rune) =>
        rune.IsAscii
            ? rune.Value is >= 0x20 and < 0x7f
            : Rune.GetUnicodeCategory(rune)
                is not (
                    UnicodeCategory.Control
                    or UnicodeCategory.LineSeparator
                    or UnicodeCategory.ParagraphSeparator
                );
}
