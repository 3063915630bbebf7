using System.Text;
using CourseRec.Actors;
using CourseRec.Actors.Ports;
using CourseRec.Models.Interactions;

namespace CourseRec.Persistence.Tests.Contract;

/// <summary>Short forms for what the suites store.</summary>
internal static class Make
{
    public static LogVersion V(long offset) => LogVersion.At(1, offset);

    public static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    public static string Text(ReadOnlyMemory<byte> bytes) => Encoding.UTF8.GetString(bytes.Span);

    public static StoreManifest Manifest(
        int generation = 1,
        string log = "log-a",
        string rules = "{}",
        int format = 2
    ) => new(generation, new LogIdentity(log, 16), rules, format);

    public static Checkpoint Checkpoint(long offset) => new(V(offset), $"event-{offset}", 1_000 + offset);

    public static StoredInteraction Interaction(long offset, double value = double.NaN) =>
        new(V(offset), $"event-{offset}", $"course-{offset}", InteractionType.Click, value, 1_700_000_000_000 + offset);

    /// <summary>A session at a version, with one interaction at each of some offsets.</summary>
    public static SessionWrite Session(string user, long offset, string blob, params long[] interactions) =>
        new(user, V(offset), Bytes(blob), [.. interactions.Select(i => Interaction(i))], null);

    /// <summary>A user erased at an offset with nothing after it.</summary>
    public static SessionWrite Erased(string user, long offset, long time = 77) =>
        new(user, V(offset), default, [], new Erasure(V(offset), time));

    public static CounterChange Change(long offset, string data) => new(LogVersion.None, V(offset), false, Bytes(data));

    public static CounterChange Snapshot(long offset, string data) =>
        new(LogVersion.None, V(offset), true, Bytes(data));

    public static PartitionFlush Flush(long checkpoint, params SessionWrite[] sessions) =>
        new(0, Checkpoint(checkpoint), null, sessions);

    /// <summary>A flush that says nothing but who is parked, or not any more.</summary>
    public static PartitionFlush Parks(long checkpoint, params Parking[] parkings) =>
        Flush(checkpoint) with
        {
            Parkings = parkings,
        };

    /// <summary>A user parked from an offset on.</summary>
    public static Parking Parked(string user, long offset, string? reason = "damaged") =>
        new(user, V(offset), 1_234, reason);
}
