using System.Globalization;
using CourseRec.Cli.Output;

namespace CourseRec.Cli.Targets;

/// <summary>How fast sending goes, in words; begins now.</summary>
/// <param name="total">Events in all; null when it goes on until stopped.</param>
/// <param name="progress">The counts.</param>
/// <param name="time">The clock.</param>
public sealed class SendRate(long? total, SendProgress progress, TimeProvider time)
{
    private readonly long _started = time.GetTimestamp();

    /// <summary>The state now.</summary>
    public ProgressState Read()
    {
        var sent = progress.Sent;
        var perSecond = sent / Math.Max(time.GetElapsedTime(_started).TotalSeconds, 0.001);
        var text = string.Create(
            CultureInfo.InvariantCulture,
            $"{sent:N0} events, {perSecond:N0}/s, lag {progress.Lag:N0}"
        );
        if (total is { } all && perSecond > 0)
            text = $"{text}, {TimeSpan.FromSeconds((all - sent) / perSecond):h\\:mm\\:ss} left";
        return new(total > 0 ? (double)sent / total : null, text);
    }
}
