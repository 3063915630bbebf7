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
            $"{{\"id\":\"{simulated.Seed}-{simulated.Number}\",\"user\":\"learner-{simulated.User:D6}\",\"course\":\"{_courses[simulated.Course]}\",\"type\":\"{Types[(int)simulated.Type]}\",\"time\":\"{time.UtcDateTime:yyyy-MM-ddTHH:mm:ss.fff}Z\",\"source\":\"simulation\"",
            out var written
        );
        if (!double.IsNaN(simulated.Value))
            written += WriteValue(buffer[written..], simulated.Value);
        buffer[written] = (byte)'}';
        output.Advance(written + 1);
    }

    private static int WriteValue(Span<byte> buffer, double value)
    {
        Utf8.TryWrite(buffer, CultureInfo.InvariantCulture, $",\"value\":{value:0.##}", out var written);
        return written;
    }
}
