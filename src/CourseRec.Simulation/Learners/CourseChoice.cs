namespace CourseRec.Simulation.Learners;

/// <summary>
/// Which course a learner looks at next: usually the next step of the track followed last, else of another interest, a
/// related track, something new or something popular; and what a course builds on comes first.
/// </summary>
internal sealed class CourseChoice(CourseMap map, World world, TakenCourses taken)
{
    private const int Attempts = 16;

    /// <summary>
    /// The course, neither taken, nor unreleased, nor the one in hand, or −1 when the learner finds nothing.
    /// </summary>
    public int Next(ref Learner learner, int slot, ref SeededRandom random)
    {
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var wish = Wish(ref learner, slot, ref random);
            if (wish < 0)
                continue;
            var course = Foundation(wish, learner, slot);
            if (course != learner.Course && !taken[slot, course] && world.IsReleased(course))
                return course;
        }
        return -1;
    }

    private int Wish(ref Learner learner, int slot, ref SeededRandom random)
    {
        var roll = random.NextDouble();
        if (roll >= 0.94)
            return world.PopularCourse(ref random);
        if (roll < 0.08 && world.NewCourse(ref random) is >= 0 and var course)
            return course;
        if (roll >= 0.84)
            learner.Interests[learner.Interest] = world.RelatedTrack(learner.Interests[learner.Interest], ref random);
        else if (roll >= 0.7)
            learner.Interest = (byte)random.Next(Interests.Count);
        return NextStep(ref learner, slot, ref random);
    }

    /// <summary>The next course of the track followed; a finished track gives way to a related one.</summary>
    private int NextStep(ref Learner learner, int slot, ref SeededRandom random)
    {
        ref var track = ref learner.Interests[learner.Interest];
        foreach (var course in map.Tracks[track])
            if (!taken[slot, course] && world.IsReleased(course) && !IsBehind(course, learner))
                return course;
        track = random.Chance(0.7) ? world.RelatedTrack(track, ref random) : world.AnyTrack(ref random);
        return -1;
    }

    /// <summary>The course itself, or the deepest course that it builds on and that the learner lacks.</summary>
    private int Foundation(int course, in Learner learner, int slot)
    {
        foreach (var first in map.Prerequisites[course])
            if (!taken[slot, first] && world.IsReleased(first) && !IsBehind(first, learner))
                return Foundation(first, learner, slot);
        return course;
    }

    private bool IsBehind(int course, in Learner learner) => learner.IsExperienced && map.Advancement[course] == 0;
}
