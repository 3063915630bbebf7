using System.Globalization;

namespace CourseRec.Node.Options;

/// <summary>Durations and sizes as people write them.</summary>
public static class Quantity
{
    /// <summary>
    /// A duration: <c>250ms</c>, <c>30s</c>, <c>10m</c>, <c>24h</c>, <c>7d</c>, or <c>[d.]hh:mm:ss</c>. Null when it
    /// is none.
    /// </summary>
    public static TimeSpan? Duration(string text)
    {
        if (text.Contains(':') && TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var span))
            return span;
        var seconds = Scaled(text, ("ms", 0.001), ("s", 1), ("min", 60), ("m", 60), ("h", 3600), ("d", 86400));
        return seconds < TimeSpan.MaxValue.TotalSeconds / 2 ? TimeSpan.FromSeconds(seconds.Value) : null;
    }

    /// <summary>A size in bytes: <c>4096</c>, <c>512MiB</c>. Null when it is none.</summary>
    public static long? Bytes(string text)
    {
        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var plain))
            return plain;
        var bytes = Scaled(text, ("KiB", 1 << 10), ("MiB", 1 << 20), ("GiB", 1 << 30), ("TiB", 1L << 40), ("B", 1));
        return bytes < long.MaxValue / 2 ? (long)bytes.Value : null;
    }

    /// <summary>A duration, shortest form.</summary>
    public static string Name(TimeSpan span) =>
        span.TotalSeconds < 1 ? FormattableString.Invariant($"{span.TotalMilliseconds}ms")
        : span.TotalDays >= 1 ? FormattableString.Invariant($"{span.TotalDays}d")
        : FormattableString.Invariant($"{span.TotalSeconds}s");

    private static double? Scaled(string text, params ReadOnlySpan<(string Unit, double Size)> units)
    {
        foreach (var (unit, size) in units)
            if (
                text.EndsWith(unit, StringComparison.OrdinalIgnoreCase)
                && double.TryParse(
                    text.AsSpan(0, text.Length - unit.Length).TrimEnd(),
                    NumberStyles.AllowDecimalPoint,
                    CultureInfo.InvariantCulture,
                    out var number
                )
            )
                return number * size;
        return null;
    }
}
