namespace CourseRec.Node.Push;

/// <summary>
/// Push latencies of the last 60 seconds: a histogram a second, in steps of 5 %, from 0.05 ms to about 3 minutes. Safe
/// for concurrent use.
/// </summary>
internal sealed class PushWindow(TimeProvider time)
{
    private const int Seconds = 60;
    private const int Buckets = 310;
    private const double LeastMs = 0.05;
    private static readonly double Step = Math.Log(1.05);
    private readonly Lock _counting = new();
    private readonly int[][] _counts = [.. Enumerable.Range(0, Seconds).Select(_ => new int[Buckets])];
    private readonly long[] _seconds = new long[Seconds];

    public void Add(double milliseconds)
    {
        var bucket = (int)Math.Ceiling(Math.Log(Math.Max(milliseconds, LeastMs) / LeastMs) / Step);
        lock (_counting)
            Current()[Math.Min(bucket, Buckets - 1)]++;
    }

    /// <summary>
    /// How many pushes there were, and the median and 99th percentile in milliseconds; null when there were none.
    /// </summary>
    public (long Count, double? P50, double? P99) Read()
    {
        Span<long> sum = stackalloc long[Buckets];
        sum.Clear();
        lock (_counting)
        {
            var now = Now();
            for (var second = 0; second < Seconds; second++)
            {
                if (_seconds[second] <= now - Seconds)
                    continue;
                for (var i = 0; i < Buckets; i++)
                    sum[i] += _counts[second][i];
            }
        }
        long count = 0;
        foreach (var bucket in sum)
            count += bucket;
        return count == 0 ? (0, null, null) : (count, Percentile(sum, count, 0.5), Percentile(sum, count, 0.99));
    }

    private static double Percentile(ReadOnlySpan<long> sum, long count, double share)
    {
        var rank = (long)Math.Ceiling(count * share);
        var bucket = -1;
        for (long seen = 0; seen < rank; )
            seen += sum[++bucket];
        return Math.Round(LeastMs * Math.Exp(bucket * Step), 3);
    }

    private int[] Current()
    {
        var now = Now();
        var slot = (int)(now % Seconds);
        if (_seconds[slot] != now)
        {
            _seconds[slot] = now;
            Array.Clear(_counts[slot]);
        }
        return _counts[slot];
    }

    private long Now() => time.GetTimestamp() / time.TimestampFrequency + Seconds;
}
