using System.Text.Json;
using System.Text.Unicode;

namespace CourseRec.Models.Interactions;

/// <summary>A field of at most 128 printable characters, in a buffer of its own.</summary>
internal sealed class TextField
{
    /// <summary>A character takes at most six bytes in JSON, as an escape.</summary>
    private const int MaxBytes = InteractionParser.MaxIdLength * 6;

    private readonly char[] _buffer = new char[MaxBytes];
    private int _length;

    public ReadOnlySpan<char> Text => _buffer.AsSpan(0, _length);

    public void Clear() => _length = 0;

    /// <summary>Takes the reader's value, which is valid UTF-8; answers what is wrong with it, or null.</summary>
    /// <exception cref="InvalidOperationException">The text holds half a surrogate pair.</exception>
    public string? Read(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.String)
            return "must be a string";
        if (reader.ValueSpan.Length > MaxBytes)
            return "must have 1 to 128 characters; it is longer";
        Span<byte> unescaped = stackalloc byte[MaxBytes];
        var utf8 = reader.ValueIsEscaped ? unescaped[..reader.CopyString(unescaped)] : reader.ValueSpan;
        Utf8.ToUtf16(utf8, _buffer, out _, out _length);
        return PrintableText.Fault(Text);
    }
}
