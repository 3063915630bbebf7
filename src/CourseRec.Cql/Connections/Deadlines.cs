namespace CourseRec.Cql.Connections;

/// <summary>Time limits as timestamps of a time provider.</summary>
internal static class Deadlines
{
    /// <summary>So long from now.</summary>
    public static long Deadline(this TimeProvider time, TimeSpan limit) =>
        time.GetTimestamp() + (long)(limit.TotalSeconds * time.TimestampFrequency);

    /// <summary>What is left until then; at least nothing.</summary>
    public static TimeSpan Until(this TimeProvider time, long deadline) =>
        TimeSpan.FromSeconds(Math.Max(0, deadline - time.GetTimestamp()) / (double)time.TimestampFrequency);
}
