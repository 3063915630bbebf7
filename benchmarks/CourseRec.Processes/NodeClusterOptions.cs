namespace CourseRec.Processes;

/// <summary>How the nodes of a cluster are run.</summary>
public sealed record NodeClusterOptions
{
    /// <summary>The nodes that a starting one asks, by id; the first of them begins the cluster.</summary>
    public IReadOnlyList<string> Seeds { get; init; } = ["a", "b", "c"];

    /// <summary>
    /// Whether a node that ends though nobody told it to is started again when it asks for that: with exit code 75
    /// (the others took it out, or it stood still for too long), and with 0.
    /// </summary>
    public bool Supervises { get; init; }

    /// <summary>Whether nodes reach each other over <see cref="ClusterLinks"/>, which can be cut.</summary>
    public bool CanBeCut { get; init; }
}

/// <summary>The end of a node that nobody had told to end.</summary>
/// <param name="Id">The node.</param>
/// <param name="At">When, Unix milliseconds.</param>
/// <param name="Code">Its exit code; null: it could not be started again.</param>
/// <param name="Said">The last lines of what it said.</param>
public sealed record NodeEnd(string Id, long At, int? Code, string Said)
{
    /// <summary>The exit code of a node that is to be started again.</summary>
    public const int StartAgain = 75;

    /// <summary>Whether its supervisor starts it again.</summary>
    public bool IsStartedAgain => Code is 0 or StartAgain;
}
