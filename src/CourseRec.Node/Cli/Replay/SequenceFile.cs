using System.Text;

namespace CourseRec.Node.Cli.Replay;

/// <summary>
/// Enrolments of a learning platform, one line a user: <c>user course course …</c>, in the order of enrolment
/// (the shape of the published MOOCCubeX sequences).
/// </summary>
/// <param name="Users">The users' ids.</param>
/// <param name="Courses">The courses' ids.</param>
/// <param name="Sequences">For every user, the places in <paramref name="Courses"/>.</param>
/// <param name="Events">The enrolments of all users.</param>
internal sealed record SequenceFile(
    IReadOnlyList<string> Users,
    IReadOnlyList<string> Courses,
    IReadOnlyList<int[]> Sequences,
    int Events
)
{
    private const int MaxIdLength = Models.Interactions.InteractionParser.MaxIdLength;

    /// <summary>Reads a whole file.</summary>
    /// <exception cref="CliException">The file is missing, empty or malformed; the message names file, line and what is wrong.</exception>
    public static SequenceFile Read(string path)
    {
        if (!File.Exists(path))
            throw new CliException($"{path} does not exist.");
        try
        {
            using var reader = new StreamReader(path, new UTF8Encoding(false, throwOnInvalidBytes: true));
            return new Reading(path).ReadAll(reader);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CliException($"{path} can't be read: {e.Message}", e);
        }
    }

    private sealed class Reading(string path)
    {
        private readonly List<string> _users = [];
        private readonly Dictionary<string, int> _userLines = new(StringComparer.Ordinal);
        private readonly List<string> _courses = [];
        private readonly Dictionary<string, int> _courseIndices = new(StringComparer.Ordinal);
        private readonly List<int[]> _sequences = [];
        private int _line;
        private int _events;

        public SequenceFile ReadAll(StreamReader reader)
        {
            try
            {
                for (_line = 1; reader.ReadLine() is { } text; _line++)
                {
                    if (!string.IsNullOrWhiteSpace(text))
                        ReadLine(text);
                }
            }
            catch (DecoderFallbackException e)
            {
                throw Malformed("it is not UTF-8 text", e);
            }
            if (_users.Count == 0)
                throw new CliException($"{path} is empty: it needs a line 'user course course …' for every user.");
            return new SequenceFile(_users, _courses, _sequences, _events);
        }

        private void ReadLine(string text)
        {
            var fields = text.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
            if (fields.Length < 2)
                throw Malformed($"user '{Shorten(fields[0])}' has no courses; a line is 'user course course …'");
            foreach (var id in fields)
                Check(id);
            if (!_userLines.TryAdd(fields[0], _line))
                throw Malformed($"user '{fields[0]}' has a line already (line {_userLines[fields[0]]})");
            _users.Add(fields[0]);
            _sequences.Add(Array.ConvertAll(fields[1..], CourseOf));
            _events += fields.Length - 1;
        }

        private int CourseOf(string id)
        {
            if (_courseIndices.TryGetValue(id, out var index))
                return index;
            _courses.Add(id);
            return _courseIndices[id] = _courses.Count - 1;
        }

        private void Check(string id)
        {
            if (id.Length > MaxIdLength)
                throw Malformed($"id '{Shorten(id)}' is longer than {MaxIdLength} characters");
            if (id.Any(char.IsControl))
                throw Malformed($"id '{Shorten(id)}' has a control character");
        }

        private static string Shorten(string id)
        {
            var printable = string.Concat(id.Take(32).Select(c => char.IsControl(c) ? '?' : c));
            return id.Length > 32 ? printable + "…" : printable;
        }

        private CliException Malformed(string what, Exception? inner = null) =>
            new($"{path}, line {_line}: {what}.", inner);
    }
}
