using CourseRec.Actors.Ports;
using CourseRec.Models.Catalogue;
using CourseRec.Models.Interactions;

namespace CourseRec.Actors.Catalogue;

/// <summary>
/// The catalogue as this node has folded it. Reads are safe from any thread. A course that turned up in an interaction
/// before its catalogue record is a course without a title, and available.
/// </summary>
public sealed class CourseCatalogue
{
    private readonly CourseIndex _courses;
    private readonly Lock _folding = new();
    private Entry?[] _entries = new Entry?[1024];
    private SortedCourses _sorted = new(-1, []);
    private int[] _unavailable = [];
    private int _count;
    private long _revision;

    /// <summary>An empty catalogue over the process's course indices.</summary>
    public CourseCatalogue(CourseIndex courses) => _courses = courses;

    /// <summary>Rises with every change; cheap to read.</summary>
    public long Revision => Volatile.Read(ref _revision);

    /// <summary>Courses in the catalogue, deleted ones left out.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>The courses that must not be recommended, because they are deleted or marked unavailable.</summary>
    public ReadOnlySpan<int> Unavailable => Volatile.Read(ref _unavailable);

    /// <summary>A course's title, when the catalogue has one.</summary>
    public string? Title(int index) => At(index)?.Course?.Title;

    /// <summary>A course by id; null when the catalogue does not have it.</summary>
    public Course? Find(string id) => _courses.Find(id) is var index and >= 0 ? At(index)?.Course : null;

    /// <summary>Folds one record; one that is not a course is left out (<see cref="TryApply"/> says why).</summary>
    public void Apply(CatalogueRecord record) => TryApply(record, out _);

    /// <summary>Folds one record. Answers false, and changes nothing, when it is not a course.</summary>
    public bool TryApply(CatalogueRecord record, out CourseError error)
    {
        Course? course = null;
        error = PrintableText.Fault(record.Course) is { } fault ? new("id", fault) : default;
        if (error.Reason is not null)
            return false;
        if (!record.Value.IsEmpty && !CourseReader.TryRead(record.Value, record.Course, out course, out error))
            return false;
        lock (_folding)
            Fold(_courses.GetOrAdd(record.Course), course);
        return true;
    }

    /// <summary>Courses whose title, subject or id contain every word of a query, by title.</summary>
    /// <param name="query">Words, in any case; null or empty for all.</param>
    /// <param name="subject">Only this subject (exactly); null for all.</param>
    /// <param name="skip">Matches to pass over.</param>
    /// <param name="take">Matches to answer at most.</param>
    public CatalogueMatches Search(string? query, string? subject, int skip, int take)
    {
        var words = (query ?? "").Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        var subjects = new SortedDictionary<string, int>(StringComparer.Ordinal);
        var items = new List<Course>(Math.Min(take, 100));
        var total = 0;
        foreach (var course in Sorted())
        {
            if (!Matches(course, words))
                continue;
            if (course.Subject is { Length: > 0 } name)
                subjects[name] = subjects.GetValueOrDefault(name) + 1;
            if (subject is not null && course.Subject != subject)
                continue;
            if (total++ >= skip && items.Count < take)
                items.Add(course);
        }
        return new(total, [.. subjects.Select(s => new SubjectCount(s.Key, s.Value))], items);
    }

    private static bool Matches(Course course, string[] words)
    {
        foreach (var word in words)
        {
            if (
                !course.Title.Contains(word, StringComparison.OrdinalIgnoreCase)
                && !course.Id.Contains(word, StringComparison.OrdinalIgnoreCase)
                && course.Subject?.Contains(word, StringComparison.OrdinalIgnoreCase) != true
            )
                return false;
        }
        return true;
    }

    private Entry? At(int index)
    {
        var entries = Volatile.Read(ref _entries);
        return (uint)index < (uint)entries.Length ? Volatile.Read(ref entries[index]) : null;
    }

    private void Fold(int index, Course? course)
    {
        if (index >= _entries.Length)
        {
            var grown = new Entry?[Math.Max(index + 1, _entries.Length * 2)];
            _entries.CopyTo(grown, 0);
            Volatile.Write(ref _entries, grown);
        }
        var before = _entries[index]?.Course is null ? 0 : 1;
        var others = _unavailable.Where(other => other != index);
        Volatile.Write(ref _unavailable, course is { Available: true } ? [.. others] : [.. others, index]);
        Volatile.Write(ref _entries[index], new Entry(course));
        Volatile.Write(ref _count, _count + (course is null ? 0 : 1) - before);
        Volatile.Write(ref _revision, _revision + 1);
    }

    private Course[] Sorted()
    {
        var sorted = Volatile.Read(ref _sorted);
        var revision = Revision;
        if (sorted.Revision == revision)
            return sorted.Courses;
        Course[] courses = [.. Volatile.Read(ref _entries).Select(e => e?.Course).OfType<Course>()];
        Array.Sort(courses, ByTitle);
        Volatile.Write(ref _sorted, new(revision, courses));
        return courses;
    }

    private static int ByTitle(Course left, Course right)
    {
        var title = StringComparer.OrdinalIgnoreCase.Compare(left.Title, right.Title);
        return title != 0 ? title : StringComparer.Ordinal.Compare(left.Id, right.Id);
    }

    /// <summary>A course that the catalogue log has named; null when it was deleted since.</summary>
    private sealed record Entry(Course? Course);

    private sealed record SortedCourses(long Revision, Course[] Courses);
}

/// <summary>What a search found.</summary>
/// <param name="Total">All matches.</param>
/// <param name="Subjects">Subjects of the courses that match the words, whatever subject was asked for.</param>
/// <param name="Items">The matches asked for.</param>
public sealed record CatalogueMatches(int Total, IReadOnlyList<SubjectCount> Subjects, IReadOnlyList<Course> Items);

/// <summary>How many matching courses a subject has.</summary>
/// <param name="Subject">The subject.</param>
/// <param name="Count">Its matching courses.</param>
public sealed record SubjectCount(string Subject, int Count);
