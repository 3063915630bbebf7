using System.Buffers;
using System.Globalization;
using System.Text.Unicode;
using CourseRec.Models.Interactions;
using CourseRec.Simulation.Catalogue;

namespace CourseRec.Simulation.Learners;

/// <summary>Writes simulated events as the contract's interaction JSON (UTF-8), without garbage.</summary>
/// <param name="catalogue">The simulation's catalogue.</param>
public sealed class SimulatedEventWriter(IReadOnlyList<SimulatedCourse> catalogue)
{
    private const int MaxBytes = 512;

    private static readonly string[] Types =
    [
        .. Enum.GetNames<InteractionType>().Select(name => name.ToLowerInvariant()),
    ];

    private static ReadOnlySpan<byte> AfterTime => "Z\",\"source\":\"simulation\""u8;

    private readonly string[] _courses = [.. catalogue.Select(course => course.Id)];

    /// <summary>Writes an event that happened at <paramref name="start"/> plus its simulated time.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The time is past the year 9999.</exception>
    public void Write(IBufferWriter<byte> output, in SimulatedEvent simulated, DateTimeOffset start) =>
        WriteAt(output, simulated, start.AddMilliseconds(simulated.Time));

    /// <summary>Writes an event as if it happened at <paramref name="time"/>, whatever its simulated time.</summary>
    public void WriteAt(IBufferWriter<byte> output, in SimulatedEvent simulated, DateTimeOffset time)
    {
        var buffer = output.GetSpan(MaxBytes);
        Utf8.TryWrite(
            buffer,
            CultureInfo.InvariantCulture,
            $"{{\"id\":\"{simulated.Seed}-{simulated.Number}\",\"user\":\"learner-{simulated.User:D6}\",\"course\":\"{_courses[simulated.Course]}\",\"type\":\"{Types[(int)simulated.Type]}\",\"time\":\"",
            out var written
        );
        // "O" is fast and makes no garbage; it is cut to milliseconds.
        time.UtcDateTime.TryFormat(buffer[written..], out _, "O", CultureInfo.InvariantCulture);
        written += "2026-11-20T10:00:00.000".Length;
        AfterTime.CopyTo(buffer[written..]);
        written += AfterTime.Length;
        if (!double.IsNaN(simulated.Value))
            written += WriteValue(buffer[written..], simulated.Value);
        buffer[written] = (byte)'}';
        output.Advance(written + 1);
    }

    private static int WriteValue(Span<byte> buffer, double value)
    {
        Utf8.TryWrite(buffer, CultureInfo.InvariantCulture, $",\"value\":{value}", out var written);
        return written;
    }
}
