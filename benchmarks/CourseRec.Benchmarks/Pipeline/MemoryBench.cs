using System.Buffers;
using System.Globalization;
using CourseRec.Actors;
using CourseRec.Actors.Partitions;
using CourseRec.Actors.Sessions;
using CourseRec.Models.Catalogue;
using CourseRec.Models.Interactions;

namespace CourseRec.Benchmarks.Pipeline;

/// <summary>
/// Bytes a resident idle session with a full history takes, all in: the managed heap before and after, divided by the
/// sessions. The sessions are what a partition holds: folded, packed, and found by the user's id.
/// </summary>
internal static class MemoryBench
{
    private const int CourseCount = 3000;

    /// <summary>Fills a partition's sessions and weighs them.</summary>
    /// <param name="sessions">How many.</param>
    /// <param name="cancel">Stops early.</param>
    public static MemoryResult Run(int sessions, CancellationToken cancel)
    {
        var rules = new FoldRules();
        var courses = new CourseIndex();
        for (var i = 0; i < CourseCount; i++)
            courses.GetOrAdd($"course-{i}");
        var before = Weigh();
        var resident = new ResidentSessions();
        Fill(resident, rules, sessions, cancel);
        var bytes = Weigh() - before;
        GC.KeepAlive(resident);
        GC.KeepAlive(courses);
        return new MemoryResult(sessions, rules.HistoryLength, (double)bytes / sessions);
    }

    private static void Fill(ResidentSessions resident, FoldRules rules, int sessions, CancellationToken cancel)
    {
        var random = new Random(1);
        var session = new UserSession(rules);
        var packed = new ArrayBufferWriter<byte>(4096);
        for (var user = 0; user < sessions; user++)
        {
            cancel.ThrowIfCancellationRequested();
            session.Clear();
            var time = 1_700_000_000_000L + random.Next();
            for (var i = 0; i < rules.HistoryLength; i++)
            {
                time += random.NextInt64(60_000, 30L * 24 * 3600 * 1000);
                var e = new SessionEvent(
                    (ulong)random.NextInt64(),
                    random.Next(CourseCount),
                    InteractionType.Enroll,
                    double.NaN,
                    time,
                    time,
                    null
                );
                session.Fold(LogVersion.At(1, (long)user * rules.HistoryLength + i), e);
            }
            resident.GetOrAdd(string.Create(CultureInfo.InvariantCulture, $"learner-{user}")).Pack(session, packed);
        }
    }

    /// <summary>Bytes of the managed heap.</summary>
    public static long Weigh()
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        return GC.GetTotalMemory(forceFullCollection: true);
    }
}

/// <summary>Memory.</summary>
/// <param name="Sessions">Resident sessions.</param>
/// <param name="HistoryLength">Courses in the history of each.</param>
/// <param name="BytesPerSession">Managed heap bytes a session, all in.</param>
internal sealed record MemoryResult(int Sessions, int HistoryLength, double BytesPerSession);
