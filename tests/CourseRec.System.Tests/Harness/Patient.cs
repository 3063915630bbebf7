namespace CourseRec.SystemTests.Harness;

/// <summary>
/// How patient test clusters are: nodes of a machine that is busy with more than the test stand still for seconds, and
/// are not to be taken out for that.
/// </summary>
internal static class Patient
{
    /// <summary>A node that was silent for so long is unreachable.</summary>
    public static readonly TimeSpan HeartbeatPause = TimeSpan.FromSeconds(6);

    /// <summary>Then it is taken out after so long, and its partitions begin elsewhere so long after.</summary>
    public static readonly TimeSpan StableAfter = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan WaitForOwner = TimeSpan.FromSeconds(40);

    /// <summary>What nodes are told.</summary>
    public static readonly string[] Flags =
    [
        .. NodeProcess.FlagsOf<TimeSpan>([
            new("Cluster:HeartbeatPause", HeartbeatPause),
            new("Cluster:StableAfter", StableAfter),
            new("Cluster:WaitForOwner", WaitForOwner),
        ]),
    ];
}
