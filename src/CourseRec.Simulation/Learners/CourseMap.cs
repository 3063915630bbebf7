using CourseRec.Simulation.Catalogue;

namespace CourseRec.Simulation.Learners;

/// <summary>
/// The catalogue as learners walk through it: subjects have tracks, tracks have courses in order. All by index.
/// </summary>
internal sealed class CourseMap
{
    /// <summary>Builds the map.</summary>
    public CourseMap(IReadOnlyList<SimulatedCourse> catalogue)
    {
        var all = Enumerable.Range(0, catalogue.Count).ToArray();
        var byId = all.ToDictionary(i => catalogue[i].Id, StringComparer.Ordinal);
        var tracks = all.GroupBy(i => (catalogue[i].Subject, catalogue[i].Track)).ToArray();
        Tracks = [.. tracks.Select(track => track.ToArray())];
        TrackOf = new int[catalogue.Count];
        for (var track = 0; track < Tracks.Length; track++)
            foreach (var course in Tracks[track])
                TrackOf[course] = track;
        Subjects =
        [
            .. Enumerable
                .Range(0, tracks.Length)
                .GroupBy(track => tracks[track].Key.Subject)
                .Select(subject => subject.ToArray()),
        ];
        SubjectOf = new int[Tracks.Length];
        for (var subject = 0; subject < Subjects.Length; subject++)
            foreach (var track in Subjects[subject])
                SubjectOf[track] = subject;
        Prerequisites = [.. catalogue.Select(course => course.Prerequisites.Select(id => byId[id]).ToArray())];
        Advancement =
        [
            .. catalogue.Select(course => Array.IndexOf(["beginner", "intermediate", "advanced"], course.Level)),
        ];
        Popularity = [.. catalogue.Select(course => course.Popularity)];
    }

    /// <summary>[track][step] → course.</summary>
    public int[][] Tracks { get; }

    /// <summary>[course] → track.</summary>
    public int[] TrackOf { get; }

    /// <summary>[subject][i] → track.</summary>
    public int[][] Subjects { get; }

    /// <summary>[track] → subject.</summary>
    public int[] SubjectOf { get; }

    /// <summary>[course][i] → course to take first.</summary>
    public int[][] Prerequisites { get; }

    /// <summary>[course] → 0 beginner, 1 intermediate, 2 advanced.</summary>
    public int[] Advancement { get; }

    /// <summary>[course] → share of undirected attention at the start.</summary>
    public double[] Popularity { get; }
}
