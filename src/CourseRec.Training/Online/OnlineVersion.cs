using System.Globalization;
using System.Text.RegularExpressions;

namespace CourseRec.Training.Online;

/// <summary>
/// The version of a model that was learned online, <c>online-RUN-NUMBER</c>: which life of which trainer made it, and
/// a number that rises from model to model, over restarts too.
/// </summary>
public static partial class OnlineVersion
{
    /// <summary>Names a model.</summary>
    public static string Of(string run, long number) =>
        string.Create(CultureInfo.InvariantCulture, $"online-{run}-{number}");

    /// <summary>A model's number; 0 when it was not learned online.</summary>
    public static long NumberOf(string version) =>
        Format().Match(version) is { Success: true } match
            ? long.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture)
            : 0;

    [GeneratedRegex("^online-[0-9a-f]+-([0-9]{1,18})$")]
    private static partial Regex Format();
}
