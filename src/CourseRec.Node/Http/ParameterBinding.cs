using System.Text.RegularExpressions;
using CourseRec.Models.Interactions;
using Microsoft.AspNetCore.Http.Features;

namespace CourseRec.Node.Http;

/// <summary>Parameters of addresses: checked, and named when they are wrong.</summary>
internal static partial class ParameterBinding
{
    /// <summary>The parameter that the framework could not bind, from its message.</summary>
    public static string? NameIn(string message) =>
        Unbound().Match(message) is { Success: true } match ? match.Groups[1].Value : null;

    /// <summary>A number within bounds, or what stands for it when it is left out.</summary>
    public static int Bounded(string name, int? value, int fallback, int least, int most)
    {
        var number = value ?? fallback;
        return number >= least && number <= most
            ? number
            : throw ProblemException.Invalid(name, $"must be from {least} to {most}");
    }

    /// <summary>
    /// The id in a segment of the address. Read from the request line itself: routing leaves an escaped slash
    /// escaped, and an id may hold one.
    /// </summary>
    /// <param name="context">The request.</param>
    /// <param name="segment">Counted from 0 after the leading slash.</param>
    public static string Id(HttpContext context, int segment)
    {
        var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        var path = target.StartsWith('/') ? target : new Uri(target).PathAndQuery;
        var id = Uri.UnescapeDataString(path[1..].Split('?')[0].Split('/')[segment]);
        return PrintableText.Fault(id) is { } fault ? throw ProblemException.Invalid("id", fault) : id;
    }

    [GeneratedRegex("""^Failed to bind parameter "\S+ (\w+)" """)]
    private static partial Regex Unbound();
}
