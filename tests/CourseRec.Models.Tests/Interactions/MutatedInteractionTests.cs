using CourseRec.Models.Interactions;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace CourseRec.Models.Tests.Interactions;

public sealed class MutatedInteractionTests
{
    private static readonly string[] Templates =
    [
        Samples.Full,
        Samples.Plain,
        Samples.Forwarded,
        Samples.Erasure,
        """{"user":"\u00e9\ud83d\ude00","course":"学习","type":"view","x":[1,{"y":null}]}""",
    ];

    private static readonly string[] Fragments =
    [
        "\"",
        "\\",
        "\\u",
        "\\ud800",
        "\\udc00",
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        "null",
        "NaN",
        "1e999",
        "-",
        "\0",
        "0001",
        "9999",
        "\u2028",
        "\"id\":",
        "\"user\":\"",
        "\"origin\":{",
        "\"context\":{\"session\":",
        "[[[[[[[[[[[[[[[[[[[[",
    ];

    private static readonly HashSet<string> Fields =
    [
        "",
        "id",
        "user",
        "course",
        "type",
        "value",
        "time",
        "source",
        "context",
        "origin",
        "context.session",
        "context.userAgent",
        "context.language",
        "context.country",
        "context.referrer",
        "origin.generation",
        "origin.partition",
        "origin.offset",
    ];

    private static readonly InteractionParser Parser = new();

    /// <summary>A record with up to six mutations.</summary>
    public static Arbitrary<byte[]> Mutated()
    {
        var mutation =
            from kind in Gen.Choose(0, 5)
            from at in Gen.Choose(0, 400)
            from what in Gen.Choose(0, 255)
            select new Mutation(kind, at, (byte)what);
        var mutated =
            from template in Gen.Elements(Templates)
            from mutations in mutation.ListOf()
            select mutations.Take(6).Aggregate(Samples.Utf8(template), (bytes, one) => one.Apply(bytes));
        return mutated.ToArbitrary();
    }

    [Property(MaxTest = 10_000, Arbitrary = [typeof(MutatedInteractionTests)])]
    public bool Mutated_records_are_taken_or_refused_by_field_and_never_throw(byte[] bytes) =>
        IsDecided(bytes, true) && IsDecided(bytes, false);

    private static bool IsDecided(byte[] bytes, bool asRequest)
    {
        var taken = asRequest
            ? Parser.TryParseRequest(bytes, Samples.AcceptedAt, out var error)
            : Parser.TryParseRecord(bytes, Samples.AcceptedAt, out error);
        return taken
            ? error == default && Parser.User.Length is > 0 and <= InteractionParser.MaxIdLength
            : Fields.Contains(error.Field) && error.Reason.Length > 0;
    }

    private sealed record Mutation(int Kind, int At, byte What)
    {
        public byte[] Apply(byte[] bytes)
        {
            var at = bytes.Length == 0 ? 0 : At % bytes.Length;
            var fragment = Samples.Utf8(Fragments[What % Fragments.Length]);
            return Kind switch
            {
                0 => bytes[..at],
                1 => [.. bytes[..at], What, .. bytes[at..]],
                2 => bytes.Length == 0 ? bytes : [.. bytes[..at], What, .. bytes[(at + 1)..]],
                3 => [.. bytes[..at], .. bytes[Math.Min(bytes.Length, at + What % 16)..]],
                4 => [.. bytes[..at], .. fragment, .. bytes[at..]],
                _ => [.. bytes[..at], .. bytes[(at / 2)..]],
            };
        }
    }
}
