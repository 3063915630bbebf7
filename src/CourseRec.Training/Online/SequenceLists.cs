namespace CourseRec.Training.Online;

/// <summary>
/// Lists of sequences as int32s: per list the count, per sequence the user (two), the length and the rows. Sequences
/// with a course that the saved model has no row for are left out.
/// </summary>
internal static class SequenceLists
{
    /// <summary>Writes lists, one after another.</summary>
    /// <param name="vocabulary">Gives the rows.</param>
    /// <param name="rows">Rows of the saved model: 1 … rows.</param>
    /// <param name="lists">Sequences of process indices.</param>
    public static int[] Encode(Vocabulary vocabulary, int rows, params IEnumerable<StoredSequence>[] lists)
    {
        var values = new List<int>();
        foreach (var list in lists)
        {
            var at = values.Count;
            values.Add(0);
            foreach (var (user, courses) in list)
            {
                if (!Array.TrueForAll(courses, course => vocabulary.Row(course) is var row && row > 0 && row <= rows))
                    continue;
                values[at]++;
                values.AddRange([(int)user, (int)(user >> 32), courses.Length]);
                foreach (var course in courses)
                    values.Add(vocabulary.Row(course));
            }
        }
        return [.. values];
    }

    /// <summary>Reads the next list and moves past it.</summary>
    /// <exception cref="ArgumentException">There is no whole list, or it names a row that the vocabulary
    /// lacks.</exception>
    public static List<StoredSequence> Decode(ref ReadOnlySpan<int> values, Vocabulary vocabulary)
    {
        var list = new List<StoredSequence>();
        for (var left = Next(ref values); left > 0; left--)
        {
            var user = (uint)Next(ref values) | (ulong)(uint)Next(ref values) << 32;
            var courses = new int[Length(Next(ref values), values.Length)];
            for (var i = 0; i < courses.Length; i++)
                courses[i] = Course(Next(ref values), vocabulary);
            list.Add(new(user, courses));
        }
        return list;
    }

    private static int Next(ref ReadOnlySpan<int> values)
    {
        if (values.IsEmpty)
            throw new ArgumentException("its sequences end too soon");
        var next = values[0];
        values = values[1..];
        return next;
    }

    private static int Length(int length, int left) =>
        length > 0 && length <= left ? length : throw new ArgumentException($"a sequence has {length} courses");

    private static int Course(int row, Vocabulary vocabulary) =>
        row >= 1 && row <= vocabulary.Count
            ? vocabulary.Course(row)
            : throw new ArgumentException($"a sequence names row {row} of {vocabulary.Count}");
}
