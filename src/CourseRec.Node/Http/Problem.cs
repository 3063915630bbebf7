namespace CourseRec.Node.Http;

/// <summary>What went wrong with a request (RFC 9457).</summary>
/// <param name="Title">The kind of problem.</param>
/// <param name="Status">The HTTP status.</param>
/// <param name="Detail">What happened, and what to do.</param>
/// <param name="Field">The field or parameter at fault, when there is one.</param>
/// <param name="Reasons">Why the node is not ready, from <c>/health/ready</c>.</param>
public sealed record Problem(
    string Title,
    int Status,
    string? Detail = null,
    string? Field = null,
    IReadOnlyList<string>? Reasons = null
)
{
    /// <summary>Problems are told apart by their status.</summary>
    public string Type => "about:blank";
}

/// <summary>A request is answered with a problem.</summary>
internal sealed class ProblemException(int status, string detail, string? name = null) : Exception(detail)
{
    public int Status => status;

    public string? Field => name;

    /// <summary>400: a field or parameter is not allowed.</summary>
    public static ProblemException Invalid(string name, string reason) =>
        new(StatusCodes.Status400BadRequest, $"{name}: {reason}", name);

    /// <summary>400, from a reason that begins with the field.</summary>
    public static ProblemException Invalid(string reason)
    {
        var colon = reason.IndexOf(": ", StringComparison.Ordinal);
        var named = colon > 0 && !reason.AsSpan(0, colon).Contains(' ');
        return new(StatusCodes.Status400BadRequest, reason, named ? reason[..colon] : null);
    }
}
