namespace CourseRec.Simulation.Catalogue;

/// <summary>
/// A random order in which no course comes before its prerequisites: how a platform might have built up its catalogue.
/// </summary>
internal static class GrowthOrder
{
    /// <summary>Orders 0 … <paramref name="prerequisites"/>.Count − 1.</summary>
    public static int[] Of(IReadOnlyList<IReadOnlyList<int>> prerequisites, SeededRandom random)
    {
        var wishes = Enumerable.Range(0, prerequisites.Count).ToArray();
        random.Shuffle<int>(wishes);
        var order = new List<int>(wishes.Length);
        var placed = new bool[wishes.Length];
        foreach (var wish in wishes)
            Place(wish, prerequisites, placed, order);
        return [.. order];
    }

    private static void Place(
        int course,
        IReadOnlyList<IReadOnlyList<int>> prerequisites,
        bool[] placed,
        List<int> order
    )
    {
        if (placed[course])
            return;
        placed[course] = true;
        foreach (var first in prerequisites[course])
            Place(first, prerequisites, placed, order);
        order.Add(course);
    }
}
