using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Numerics;
using CourseRec.Node.Options;

namespace CourseRec.Cli;

/// <summary>
/// Options that several verbs share, and the numbers among them: a bad value names option, value and what is allowed.
/// </summary>
public static class CliOptions
{
    /// <summary>The folder of a node's files when none is named.</summary>
    public const string DefaultDataDir = "data";

    /// <summary>A file of interactions in any format that is read.</summary>
    public static Argument<string> Interactions() =>
        new("file")
        {
            Description =
                "Interactions: 'user course course …' or 'user course' lines in order, MovieLens '::' lines, CSV "
                + "with a header (as userId,movieId,rating,timestamp) or CourseRec's own JSON lines; the "
                + "content tells which.",
        };

    /// <summary>Where the log and the sessions are.</summary>
    public static Option<string> DataDir() =>
        new("--data-dir")
        {
            Description = "The folder of the log and the sessions.",
            HelpName = "folder",
            DefaultValueFactory = _ => DefaultDataDir,
        };

    /// <summary>Kafka, as the log.</summary>
    public static Option<string?> Kafka() =>
        new("--kafka")
        {
            Description =
                "A Kafka broker, as 127.0.0.1:9092, to be the log (several are separated by commas). Default: the "
                + "log in the data folder.",
            HelpName = "host:port",
        };

    /// <summary>Any other option of a node.</summary>
    public static Option<string[]> Set() =>
        new("--set")
        {
            Description = "Any other option, as --set Log:Partitions=8. May be given several times.",
            HelpName = "name=value",
        };

    /// <summary>What <see cref="Kafka"/> and <see cref="Set"/> were given, as a node's options by path.</summary>
    public static List<KeyValuePair<string, string?>> FlagsOf(
        ParseResult parsed,
        Option<string?> kafka,
        Option<string[]> set
    )
    {
        var flags = parsed.GetValue(set)!.Select(Split).ToList();
        if (parsed.GetValue(kafka) is { } servers)
            flags.Add(new("Kafka:BootstrapServers", servers));
        return flags;
    }

    /// <summary>A running node's address.</summary>
    public static Option<Uri?> Url() =>
        new("--url")
        {
            Description =
                "A running node, as http://127.0.0.1:5080. Left out: the node running on the data folder, or else "
                + "the whole pipeline in this process.",
            HelpName = "url",
            CustomParser = ParseUrl,
        };

    /// <summary>A whole number within bounds.</summary>
    public static Option<int> Whole(string name, string description, int defaultValue, int min, int max) =>
        Number(name, description, defaultValue, min, max, "a whole number");

    /// <summary>A number within bounds.</summary>
    public static Option<double> Real(string name, string description, double defaultValue, double min, double max) =>
        Number(name, description, defaultValue, min, max, "a number");

    /// <summary>A whole number within bounds that may be left out.</summary>
    public static Option<int?> OptionalWhole(string name, string description, int min, int max) =>
        new(name)
        {
            Description = description,
            HelpName = "n",
            CustomParser = result => Parse<int>(result, name, min, max, "a whole number"),
        };

    /// <summary>A number within bounds that may be left out.</summary>
    public static Option<double?> OptionalReal(string name, string description, double min, double max) =>
        new(name)
        {
            Description = description,
            HelpName = "n",
            CustomParser = result => Parse<double>(result, name, min, max, "a number"),
        };

    /// <summary>A duration within bounds that may be left out.</summary>
    public static Option<TimeSpan?> OptionalDuration(string name, string description, TimeSpan min, TimeSpan max) =>
        new(name)
        {
            Description = description,
            HelpName = "time",
            CustomParser = result =>
            {
                var text = TextOf(result);
                if (Quantity.Duration(text) is { } time && time >= min && time <= max)
                    return time;
                result.AddError(
                    $"{name} is '{text}': it must be a time from {Quantity.Name(min)} to {Quantity.Name(max)}, as "
                        + "90s, 30m or 2h."
                );
                return null;
            },
        };

    /// <summary>One of several words.</summary>
    public static T Choice<T>(ArgumentResult result, params ReadOnlySpan<(string Word, T Value)> choices)
    {
        var text = TextOf(result);
        foreach (var (word, value) in choices)
            if (word.Equals(text, StringComparison.OrdinalIgnoreCase))
                return value;
        var words = string.Join(" or ", choices.ToArray().Select(choice => choice.Word));
        var option = result.Parent is OptionResult parent ? parent.Option.Name : result.Argument.Name;
        result.AddError($"{option} is '{text}': it must be {words}.");
        return choices[0].Value;
    }

    private static KeyValuePair<string, string?> Split(string text) =>
        text.IndexOf('=') is var at and > 0
            ? new(text[..at], text[(at + 1)..])
            : throw new CliException($"--set is '{text}': it must be name=value, as Log:Partitions=8.");

    private static string TextOf(ArgumentResult result) => result.Tokens.Count > 0 ? result.Tokens[0].Value : "";

    private static Option<T> Number<T>(string name, string description, T defaultValue, T min, T max, string kind)
        where T : struct, INumber<T> =>
        new(name)
        {
            Description = description,
            HelpName = "n",
            DefaultValueFactory = _ => defaultValue,
            CustomParser = result => Parse(result, name, min, max, kind) ?? defaultValue,
        };

    private static T? Parse<T>(ArgumentResult result, string name, T min, T max, string kind)
        where T : struct, INumber<T>
    {
        var text = TextOf(result);
        if (T.TryParse(text, CultureInfo.InvariantCulture, out var value) && value >= min && value <= max)
            return value;
        result.AddError(
            string.Create(CultureInfo.InvariantCulture, $"{name} is '{text}': it must be {kind} from {min} to {max}.")
        );
        return null;
    }

    private static Uri? ParseUrl(ArgumentResult result)
    {
        var text = TextOf(result);
        if (Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https")
            return url;
        result.AddError($"--url is '{text}': it must be an http or https address, as http://127.0.0.1:5080.");
        return null;
    }
}
