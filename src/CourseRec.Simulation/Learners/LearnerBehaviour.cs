using CourseRec.Models.Interactions;

namespace CourseRec.Simulation.Learners;

/// <summary>What a learner does at a step, and when the next one is due.</summary>
/// <param name="Type">What the learner did with the course in hand.</param>
/// <param name="Value">Its value, or NaN.</param>
/// <param name="Delay">Milliseconds to the next step.</param>
internal readonly record struct LearnerAction(InteractionType Type, double Value, long Delay);

/// <summary>
/// The funnel: view → click → enrol → progress … → complete → rate, with every way out of it, in sessions with gaps.
/// </summary>
internal sealed class LearnerBehaviour(
    CourseMap map,
    World world,
    CourseChoice choice,
    TakenCourses taken,
    double interestChange
)
{
    private const double Second = 1000;
    private const double Minute = 60 * Second;
    private const double Hour = 60 * Minute;
    private const int MaxEnrolments = 60;

    /// <summary>A new learner in a slot.</summary>
    public Learner Arrive(int user, int slot, ref SeededRandom random)
    {
        taken.Clear(slot);
        var learner = new Learner
        {
            User = user,
            Course = -1,
            Ability = (float)random.NextDouble(),
            EnrolmentsLeft = (byte)Math.Min(MaxEnrolments, 8 / Math.Sqrt(1 - random.NextDouble()) - 5),
        };
        for (var i = 0; i < Interests.Count; i++)
            learner.Interests[i] = world.AnyTrack(ref random);
        return learner;
    }

    /// <summary>The learner's next action; null when the learner leaves for good.</summary>
    public LearnerAction? Act(ref Learner learner, int slot, ref SeededRandom random) =>
        learner.Phase switch
        {
            Phase.Viewed => Consider(ref learner, slot, ref random),
            Phase.Clicked => Decide(ref learner, slot, ref random),
            Phase.Studying => Study(ref learner, slot, ref random),
            Phase.Completed => Review(ref learner, slot, ref random),
            _ => Browse(ref learner, slot, ref random),
        };

    private LearnerAction? Browse(ref Learner learner, int slot, ref SeededRandom random)
    {
        learner.Phase = Phase.Browsing;
        learner.Course = learner.EnrolmentsLeft == 0 ? -1 : choice.Next(ref learner, slot, ref random);
        if (learner.Course < 0)
            return null;
        learner.Phase = Phase.Viewed;
        return new(InteractionType.View, double.NaN, Pause(10 * Second, 0.05, ref random));
    }

    private LearnerAction? Consider(ref Learner learner, int slot, ref SeededRandom random)
    {
        var roll = random.NextDouble();
        if (roll < 0.7)
        {
            learner.Phase = Phase.Clicked;
            return new(InteractionType.Click, double.NaN, Pause(45 * Second, 0.1, ref random));
        }
        if (roll < 0.96)
            return Browse(ref learner, slot, ref random);
        taken.Add(slot, learner.Course);
        learner.Phase = Phase.Browsing;
        return new(InteractionType.Dismiss, double.NaN, Pause(10 * Second, 0.05, ref random));
    }

    private LearnerAction? Decide(ref Learner learner, int slot, ref SeededRandom random)
    {
        if (!random.Chance(0.75))
            return Browse(ref learner, slot, ref random);
        taken.Add(slot, learner.Course);
        learner.EnrolmentsLeft--;
        learner.Phase = Phase.Studying;
        (learner.LessonsDone, learner.Lessons) = (0, (byte)(2 + random.Next(5)));
        return new(InteractionType.Enroll, double.NaN, Pause(2 * Minute, 0.3, ref random));
    }

    private LearnerAction? Study(ref Learner learner, int slot, ref SeededRandom random)
    {
        if (random.Chance(DropOut(learner)))
            return GiveUp(ref learner, slot, ref random);
        if (++learner.LessonsDone < learner.Lessons)
        {
            var share = Math.Round((double)learner.LessonsDone / learner.Lessons, 2);
            return new(InteractionType.Progress, share, Pause(15 * Minute, 0.55, ref random));
        }
        learner.Phase = Phase.Completed;
        if (random.Chance(interestChange))
            learner.Interests[random.Next(Interests.Count)] = world.AnyTrack(ref random);
        return new(InteractionType.Complete, double.NaN, Pause(2 * Minute, 0.4, ref random));
    }

    private LearnerAction? Review(ref Learner learner, int slot, ref SeededRandom random)
    {
        if (!random.Chance(0.4))
            return Browse(ref learner, slot, ref random);
        learner.Phase = Phase.Browsing;
        return new(InteractionType.Rate, 3 + random.Next(3), Pause(Minute, 0.4, ref random));
    }

    private LearnerAction? GiveUp(ref Learner learner, int slot, ref SeededRandom random)
    {
        if (!random.Chance(0.3))
            return Browse(ref learner, slot, ref random);
        learner.Phase = Phase.Browsing;
        return new(InteractionType.Rate, 1 + random.Next(2), Pause(Minute, 0.4, ref random));
    }

    /// <summary>The chance to give up at a lesson: the harder the course for the learner, the higher.</summary>
    private double DropOut(in Learner learner) => 0.03 + 0.04 * map.Advancement[learner.Course] * (1 - learner.Ability);

    /// <summary>A short pause within the session, or, with a chance, the gap to the next session.</summary>
    private static long Pause(double mean, double endOfSession, ref SeededRandom random) =>
        (long)(
            random.Chance(endOfSession)
                ? 2 * Hour + random.NextExponential(22 * Hour)
                : 2 * Second + random.NextExponential(mean)
        );
}
