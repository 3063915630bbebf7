using System.Globalization;
using System.Text.RegularExpressions;

namespace CourseRec.Node.Options;

/// <summary>
/// Reads one section strictly: a value that is not allowed, and a name that is not known, stop the start with one line
/// that says which.
/// </summary>
internal sealed class OptionReader(IConfigurationSection section)
{
    private const string NotEmpty = "text that is not empty";
    private readonly HashSet<string> _known = new(StringComparer.OrdinalIgnoreCase);

    public OptionReader Section(string name) => new(Known(name));

    public string Text(string name, string fallback) => Read(name, fallback, NotEmpty, Trimmed);

    public string? OptionalText(string name) => Scalar(name, NotEmpty) is null ? null : Text(name, "");

    public T? Parsed<T>(string name, string allowed, Func<string, T?> parse)
        where T : class => Scalar(name, allowed) is { } text ? parse(text) ?? throw Refused(name, text, allowed) : null;

    public string Word(string name, string fallback, string allowed, Regex words) =>
        Read(name, fallback, allowed, text => words.IsMatch(text) ? text : null);

    public bool Flag(string name, bool fallback) =>
        ReadValue(name, fallback, "true or false", text => bool.TryParse(text, out var value) ? value : null);

    public int Int(string name, int fallback, int least, int most) => (int)Long(name, fallback, least, most);

    public long Long(string name, long fallback, long least, long most) =>
        ReadValue(
            name,
            fallback,
            FormattableString.Invariant($"a whole number from {least} to {most}"),
            text =>
                long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
                && value >= least
                && value <= most
                    ? value
                    : null
        );

    public double Number(string name, double fallback, double least, double most) =>
        ReadValue(
            name,
            fallback,
            FormattableString.Invariant($"a number from {least} to {most}"),
            text =>
                double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
                && value >= least
                && value <= most
                    ? value
                    : null
        );

    public long Bytes(string name, long fallback, long least) =>
        ReadValue(
            name,
            fallback,
            $"a size of at least {least} bytes, as in 512MiB or 8GiB",
            text => Quantity.Bytes(text) is { } value && value >= least ? value : null
        );

    public TimeSpan Duration(string name, TimeSpan fallback, TimeSpan least, TimeSpan most) =>
        ReadValue(
            name,
            fallback,
            $"a duration from {Quantity.Name(least)} to {Quantity.Name(most)}, as in 500ms, 30s, 7d or 00:00:30",
            text => Quantity.Duration(text) is { } value && value >= least && value <= most ? value : null
        );

    public T Choice<T>(string name, T fallback)
        where T : struct, Enum => ReadValue(name, fallback, $"one of {Names<T>()}", ParseName<T>);

    /// <summary>A list: indexed children (as in JSON arrays), or one value separated by commas.</summary>
    public IReadOnlyList<T> Choices<T>(string name, IReadOnlyList<T> fallback)
        where T : struct, Enum
    {
        var children = Known(name).GetChildren().Select(c => c.Value ?? "").ToArray();
        if (children.Length == 0 && section[name] is not { } text)
            return fallback;
        else if (children.Length == 0)
            children = section[name]!.Split(',', StringSplitOptions.TrimEntries);
        return [.. children.Select(c => ParseName<T>(c) ?? throw Refused(name, c, $"a list of {Names<T>()}"))];
    }

    /// <summary>A section of names that are not ours.</summary>
    public IReadOnlyDictionary<string, string> Texts(string name) =>
        Known(name)
            .GetChildren()
            .ToDictionary(c => c.Key, c => c.Value ?? throw Refused($"{name}:{c.Key}", "a section", "text"));

    /// <summary>Refuses names that nobody asked for.</summary>
    public void RefuseUnknown()
    {
        foreach (var child in section.GetChildren())
        {
            if (!_known.Contains(child.Key))
                throw new OptionsException(
                    $"{child.Path} is not an option; known here: {string.Join(", ", _known.Order(StringComparer.Ordinal))}."
                );
        }
    }

    public OptionsException Refused(string name, string value, string allowed) =>
        new($"{section.Path}:{name} is '{value}'; allowed: {allowed}.");

    private static string? Trimmed(string text) => text.Trim() is { Length: > 0 } value ? value : null;

    private static string Names<T>()
        where T : struct, Enum => string.Join(", ", Enum.GetNames<T>().Select(n => n.ToLowerInvariant()));

    private static T? ParseName<T>(string text)
        where T : struct, Enum =>
        Enum.GetNames<T>().FirstOrDefault(n => n.Equals(text, StringComparison.OrdinalIgnoreCase)) is { } name
            ? Enum.Parse<T>(name)
            : null;

    private IConfigurationSection Known(string name)
    {
        _known.Add(name);
        return section.GetSection(name);
    }

    private T Read<T>(string name, T fallback, string allowed, Func<string, T?> parse)
        where T : class
    {
        var text = Scalar(name, allowed);
        return text is null ? fallback : parse(text) ?? throw Refused(name, text, allowed);
    }

    private T ReadValue<T>(string name, T fallback, string allowed, Func<string, T?> parse)
        where T : struct
    {
        var text = Scalar(name, allowed);
        return text is null ? fallback : parse(text) ?? throw Refused(name, text, allowed);
    }

    private string? Scalar(string name, string allowed)
    {
        var option = Known(name);
        return option.GetChildren().Any() ? throw Refused(name, "a section", allowed) : option.Value;
    }
}
