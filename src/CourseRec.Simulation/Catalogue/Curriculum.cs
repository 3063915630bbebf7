using System.Text;

namespace CourseRec.Simulation.Catalogue;

/// <summary>
/// A course as the curriculum plans it. Indices in <paramref name="Prerequisites"/> point into the curriculum.
/// </summary>
internal sealed record PlannedCourse(
    string Id,
    string Title,
    string Topic,
    string Subject,
    string Track,
    int Level,
    string Language,
    IReadOnlyList<int> Prerequisites
);

/// <summary>Reads the hand-written <c>curriculum.txt</c> (its head explains the format).</summary>
internal sealed class Curriculum
{
    private static readonly string[] SmallWords = "a an and at by for from in of on or the to with".Split(' ');

    private readonly List<PlannedCourse> _courses = [];
    private readonly List<string[]> _references = [];
    private readonly Dictionary<string, int> _byName = new(StringComparer.Ordinal);
    private readonly int[] _numbers = new int[4];
    private (string Name, string Prefix) _subject;
    private (string Name, string Language) _track;
    private bool _trackStarts;

    private Curriculum() { }

    /// <summary>Every planned course, a track's courses together and in order.</summary>
    public static IReadOnlyList<PlannedCourse> Courses { get; } = Read();

    private static List<PlannedCourse> Read()
    {
        using var resource = typeof(Curriculum).Assembly.GetManifestResourceStream("curriculum.txt")!;
        using var reader = new StreamReader(resource, Encoding.UTF8);
        var curriculum = new Curriculum();
        while (reader.ReadLine() is { } line)
            curriculum.Add(line);
        curriculum.Connect();
        return curriculum._courses;
    }

    private void Add(string line)
    {
        switch (line)
        {
            case "" or ['#', ..]:
                break;
            case ['=', ' ', ..]:
                _subject = Bracketed(line[2..]);
                Array.Clear(_numbers);
                break;
            case ['-', ' ', ..]:
                _track = Bracketed(line[2..]);
                _trackStarts = true;
                break;
            default:
                AddCourse(line[0] - '0', line[2..].Split(" <- "));
                _trackStarts = false;
                break;
        }
    }

    private void AddCourse(int level, string[] parts)
    {
        var colon = parts[0].IndexOf(": ", StringComparison.Ordinal);
        var (name, topic) = (parts[0][..colon], parts[0][(colon + 2)..]);
        var number = level * 100 + ++_numbers[level];
        _byName.Add(name, _courses.Count);
        _references.Add(parts.Length > 1 ? parts[1].Split("; ") : []);
        _courses.Add(
            new PlannedCourse(
                $"{_subject.Prefix}-{number}-{Slug(name)}",
                $"{name}: {TitleCase(topic)}",
                topic,
                _subject.Name,
                _track.Name,
                level,
                level > 1 ? _track.Language : "en",
                _trackStarts ? [] : [_courses.Count - 1]
            )
        );
    }

    private void Connect()
    {
        for (var i = 0; i < _courses.Count; i++)
            if (_references[i].Length > 0)
                _courses[i] = _courses[i] with
                {
                    Prerequisites = [.. _courses[i].Prerequisites, .. _references[i].Select(name => _byName[name])],
                };
    }

    private static (string Name, string Tag) Bracketed(string text)
    {
        var open = text.IndexOf(" (", StringComparison.Ordinal);
        return open < 0 ? (text, "en") : (text[..open], text[(open + 2)..^1]);
    }

    private static string TitleCase(string topic) =>
        string.Join(
            ' ',
            topic.Split(' ').Select((word, i) => i > 0 && SmallWords.Contains(word) ? word : Capitalised(word))
        );

    /// <summary>The text with a capital first letter.</summary>
    internal static string Capitalised(string text) => char.ToUpperInvariant(text[0]) + text[1..];

    private static string Slug(string name)
    {
        var slug = new StringBuilder();
        foreach (var character in name.Replace("C#", "CSharp").Replace(" .NET", " DotNet"))
            if (char.IsAsciiLetterOrDigit(character))
                slug.Append(char.ToLowerInvariant(character));
            else if (character is ' ' or '-' or '/' && slug.Length > 0 && slug[^1] != '-')
                slug.Append('-');
        return slug.ToString().TrimEnd('-');
    }
}
