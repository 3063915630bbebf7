using System.Runtime.CompilerServices;

namespace CourseRec.Simulation.Learners;

/// <summary>What a learner is in the middle of.</summary>
internal enum Phase : byte
{
    /// <summary>About to look at a course.</summary>
    Browsing,

    /// <summary>Looking at a course's card.</summary>
    Viewed,

    /// <summary>Reading a course's page.</summary>
    Clicked,

    /// <summary>Working through a course.</summary>
    Studying,

    /// <summary>Has just completed a course.</summary>
    Completed,
}

/// <summary>The tracks that a learner follows at a time, the favourite first.</summary>
[InlineArray(Count)]
internal struct Interests
{
    /// <summary>Tracks a learner follows at a time.</summary>
    public const int Count = 3;

    private int _track;
}

/// <summary>A learner's compact state; what was taken is a row of <see cref="TakenCourses"/>.</summary>
internal struct Learner
{
    /// <summary>The learner's number; 0 before arrival.</summary>
    public int User;

    /// <summary>Tracks followed.</summary>
    public Interests Interests;

    /// <summary>The interest followed last.</summary>
    public byte Interest;

    /// <summary>What the learner is doing.</summary>
    public Phase Phase;

    /// <summary>Lessons of the current course done.</summary>
    public byte LessonsDone;

    /// <summary>Lessons of the current course.</summary>
    public byte Lessons;

    /// <summary>Enrolments until the learner leaves.</summary>
    public byte EnrolmentsLeft;

    /// <summary>0 … 1; high: skips beginners' courses; low: drops out of advanced ones.</summary>
    public float Ability;

    /// <summary>The course in hand.</summary>
    public int Course;

    /// <summary>Learners this able skip what is for beginners.</summary>
    public readonly bool IsExperienced => Ability > 0.95f;
}

/// <summary>One bit a learner and course: enrolled in, or dismissed.</summary>
internal sealed class TakenCourses(int learners, int courses)
{
    private readonly int _words = (courses + 63) / 64;
    private readonly ulong[] _bits = new ulong[(long)learners * ((courses + 63) / 64)];

    /// <summary>Whether the course is out of question for the learner in a slot.</summary>
    public bool this[int slot, int course] =>
        (_bits[(long)slot * _words + (course >> 6)] & (1UL << (course & 63))) != 0;

    /// <summary>Takes the course out of question.</summary>
    public void Add(int slot, int course) => _bits[(long)slot * _words + (course >> 6)] |= 1UL << (course & 63);

    /// <summary>Forgets everything, for a new learner.</summary>
    public void Clear(int slot) => Array.Clear(_bits, slot * _words, _words);
}
