using CourseRec.Models.Interactions;
using CourseRec.Simulation.Catalogue;
using CourseRec.Simulation.Learners;

namespace CourseRec.Simulation;

/// <summary>
/// Enrolment sequences in the shape of the MOOCCubeX (5-core) sequences: <c>user item item …</c>, one line a user, all
/// integers from 0, items in the order of enrolment and distinct, 5 … 60 of them with a long tail.
/// </summary>
public static class SequenceSample
{
    /// <summary>The shortest sequence; learners with less are left out.</summary>
    public const int MinLength = 5;

    /// <summary>Writes the sequences of a number of users, over the default catalogue of 500 courses.</summary>
    public static void Write(TextWriter output, int users, int seed)
    {
        var catalogue = CatalogueGenerator.Generate(new CatalogueOptions { Seed = seed });
        // One learner at a time: the stream is one whole learner after the other.
        var simulation = new LearnerSimulation(new SimulationOptions { Seed = seed, Learners = 1 }, catalogue);
        var items = new List<int>();
        var (written, learner) = (0, 1);
        while (written < users)
        {
            var simulated = simulation.Next();
            if (simulated.User != learner)
            {
                if (items.Count >= MinLength)
                    WriteLine(output, written++, items);
                items.Clear();
                learner = simulated.User;
            }
            if (simulated.Type == InteractionType.Enroll)
                items.Add(simulated.Course);
        }
    }

    private static void WriteLine(TextWriter output, int user, List<int> items)
    {
        output.Write(user);
        foreach (var item in items)
        {
            output.Write(' ');
            output.Write(item);
        }
        output.Write('\n');
    }
}
