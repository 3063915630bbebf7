using System.Globalization;
using System.Numerics;
using System.Text.RegularExpressions;
using CourseRec.Persistence.Cassandra.Schema;
using CourseRec.Simulation.Catalogue;

namespace CourseRec.Node.Options;

/// <summary>What may be written for an option, declared beside the property that it is bound to.</summary>
/// <param name="allowed">What is allowed, as a refusal says it.</param>
/// <param name="read">The value of a text; null when it is not allowed.</param>
[AttributeUsage(AttributeTargets.Property)]
internal class AllowedAttribute(string allowed, Func<string, object?> read) : Attribute
{
    /// <summary>What is allowed, as a refusal says it.</summary>
    public string Allowed => allowed;

    /// <summary>A text as the framework's binder reads it; null when it is not allowed.</summary>
    public string? Read(string text) =>
        read(text) is { } value ? Convert.ToString(value, CultureInfo.InvariantCulture) : null;

    /// <summary>What may be written where nothing is declared beside the property: its type says it.</summary>
    public static AllowedAttribute Default(Type type, bool isList) =>
        type == typeof(bool) ? new("true or false", text => bool.TryParse(text, out var value) ? value : null)
        : type.IsEnum
            ? new(
                $"{(isList ? "a list" : "one")} of {string.Join(", ", Enum.GetNames(type)).ToLowerInvariant()}",
                text => Enum.GetNames(type).FirstOrDefault(n => n.Equals(text, StringComparison.OrdinalIgnoreCase))
            )
        : new("text that is not empty", text => text.Trim() is { Length: > 0 } value ? value : null);

    /// <summary>A number within bounds; null when it is none.</summary>
    protected static object? Within<T>(string text, NumberStyles style, T least, T most)
        where T : struct, INumber<T> =>
        T.TryParse(text, style, CultureInfo.InvariantCulture, out var value) && value >= least && value <= most
            ? value
            : null;
}

/// <summary>A whole number within bounds.</summary>
internal class WholeAttribute(long least, long most)
    : AllowedAttribute(
        FormattableString.Invariant($"a whole number from {least} to {most}"),
        text => Within(text, NumberStyles.AllowLeadingSign, least, most)
    );

/// <summary>A number within bounds.</summary>
internal sealed class NumberAttribute(double least, double most)
    : AllowedAttribute(
        FormattableString.Invariant($"a number from {least} to {most}"),
        text => Within(text, NumberStyles.Float, least, most)
    );

/// <summary>A number of bytes, from a least one.</summary>
internal sealed class SizeAttribute(long least)
    : AllowedAttribute(
        $"a size of at least {least} bytes, as in 512MiB or 8GiB",
        text => Quantity.Bytes(text) is { } value && value >= least ? value : null
    );

/// <summary>A duration within bounds, which are written like the option.</summary>
internal sealed class DurationAttribute(string least, string most)
    : AllowedAttribute(
        $"a duration from {least} to {most}, as in 500ms, 30s, 7d or 00:00:30",
        text =>
            Quantity.Duration(text) is { } value
            && value >= Quantity.Duration(least)
            && value <= Quantity.Duration(most)
                ? value
                : null
    );

/// <summary>Text of a pattern.</summary>
internal sealed class MatchingAttribute(string pattern, string allowed)
    : AllowedAttribute(allowed, text => Regex.IsMatch(text, pattern) ? text : null);

/// <summary>The address of a node.</summary>
internal sealed class AddressAttribute(string allowed)
    : AllowedAttribute(
        allowed,
        text =>
            Uri.TryCreate(text, UriKind.Absolute, out var url)
            && url.Scheme is "http" or "https"
            && url is { PathAndQuery: "/", Fragment: "", UserInfo: "" }
                ? text
                : null
    );

/// <summary>Replicas by data centre.</summary>
internal sealed class ReplicasAttribute() : AllowedAttribute(Replication.Allowed, Replication.Parse);

/// <summary>As many courses as can be generated.</summary>
internal sealed class CoursesAttribute() : WholeAttribute(1, CatalogueGenerator.MaxCourses);
