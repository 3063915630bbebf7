using System.Collections.Concurrent;
using CourseRec.Actors.Learning;
using CourseRec.Models.Catalogue;

namespace CourseRec.Actors.Tests.Learning;

/// <summary>Remembers what was taught and judged.</summary>
internal sealed class Recorder : IExampleSink, IJudgeSink
{
    public ConcurrentQueue<Example> Examples { get; } = new();

    public ConcurrentQueue<ulong> Forgotten { get; } = new();

    public ConcurrentQueue<JudgedEvent> Events { get; } = new();

    public void Teach(in Example example) => Examples.Enqueue(example);

    public void Forget(ulong user) => Forgotten.Enqueue(user);

    public void Judged(in JudgedEvent e) => Events.Enqueue(e);

    public IEnumerable<string> Taught(CourseIndex courses) =>
        Examples.Select(example => string.Join(' ', example.Courses.Select(course => courses[course])));
}
