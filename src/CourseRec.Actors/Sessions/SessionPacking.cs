using System.Buffers;
using CourseRec.Models;
using CourseRec.Models.Interactions;

namespace CourseRec.Actors.Sessions;

/// <summary>
/// Numbers courses in packed bytes: by the process's index in memory, by a table of ids in the store.
/// </summary>
internal interface ICourseNumbers
{
    int NumberOf(int course);

    int CourseOf(int number);
}

/// <summary>The process's own indices.</summary>
internal readonly struct ProcessCourseNumbers : ICourseNumbers
{
    public int NumberOf(int course) => course;

    public int CourseOf(int number) => number;
}

/// <summary>
/// A session as a few hundred bytes: variable-length course numbers, delta-coded times. Some 570 bytes for a
/// history of 50 courses, 256 of them the ids by which duplicates are recognised.
/// </summary>
internal static class SessionPacking
{
    private const int TypeBits = 3;
    private const int MaxCount = 1 << 20;

    /// <summary>Packs a session as it is kept in memory.</summary>
    public static void Pack(UserSession session, ArrayBufferWriter<byte> output)
    {
        output.ResetWrittenCount();
        Write(session, default(ProcessCourseNumbers), output);
    }

    /// <summary>Fills a session with what is kept in memory.</summary>
    public static void Unpack(ReadOnlySpan<byte> packed, LogVersion version, FoldRules rules, UserSession session)
    {
        session.Clear();
        session.Version = version;
        var input = new PackedReader(packed);
        Read(ref input, default(ProcessCourseNumbers), rules, session);
    }

    public static void Write<TNumbers>(UserSession session, TNumbers numbers, IBufferWriter<byte> output)
        where TNumbers : ICourseNumbers
    {
        output.WriteVarint(session.Applied);
        output.WriteVarint(session.ErasedAt);
        output.WriteVarint(session.RecentIds.Length);
        foreach (var id in session.RecentIds)
            output.WriteFixed(id);
        output.WriteVarint(session.History.Length);
        var time = 0L;
        foreach (ref readonly var item in session.History)
        {
            output.WriteVarint((long)numbers.NumberOf(item.Course) << TypeBits | (long)item.Type);
            output.WriteSigned(item.Time - time);
            time = item.Time;
        }
        output.WriteVarint(session.Taken.Count);
        foreach (var course in session.Taken)
            output.WriteVarint(numbers.NumberOf(course));
        output.WriteVarint(session.Origins.Count);
        foreach (var origin in session.Origins)
        {
            output.WriteVarint(origin.Generation);
            output.WriteVarint(origin.Partition);
            output.WriteVarint(origin.Offset);
        }
    }

    /// <summary>Fills a cleared session; its version is the caller's to set.</summary>
    public static void Read<TNumbers>(ref PackedReader input, TNumbers numbers, FoldRules rules, UserSession session)
        where TNumbers : ICourseNumbers
    {
        session.Applied = input.ReadVarint();
        session.ErasedAt = input.ReadVarint();
        for (var count = input.ReadCount(rules.RecentIds); count > 0; count--)
            session.RestoreId(input.ReadFixed());
        var time = 0L;
        for (var count = input.ReadCount(rules.HistoryLength); count > 0; count--)
        {
            var course = input.ReadVarint();
            time += input.ReadSigned();
            var type = (InteractionType)(course & ((1 << TypeBits) - 1));
            session.Restore(new HistoryItem(numbers.CourseOf((int)(course >> TypeBits)), type, time));
        }
        for (var count = input.ReadCount(rules.TakenLimit); count > 0; count--)
            session.Taken.Add(numbers.CourseOf((int)input.ReadVarint()));
        for (var count = input.ReadCount(MaxCount); count > 0; count--)
            session.Origins.Add(new((int)input.ReadVarint(), (int)input.ReadVarint(), input.ReadVarint()));
    }
}
