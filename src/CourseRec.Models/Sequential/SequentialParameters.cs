namespace CourseRec.Models.Sequential;

/// <summary>A model as training and files see it: shape, vocabulary and one flat array of weights.</summary>
public sealed class SequentialParameters
{
    /// <summary>Joins the three; nothing is copied.</summary>
    /// <param name="config">The shape.</param>
    /// <param name="courseIds">The vocabulary: row r of <c>item</c> is course courseIds[r − 1].</param>
    /// <param name="values">The weights, in the order of <see cref="ParameterLayout"/>.</param>
    /// <exception cref="ArgumentException">They don't fit together; the message says which.</exception>
    public SequentialParameters(SequentialConfig config, IReadOnlyList<string> courseIds, float[] values)
    {
        Layout = ParameterLayout.Of(config, courseIds.Count);
        if (values.Length != Layout.Length)
            throw new ArgumentException($"The model has {values.Length} parameters; its shape needs {Layout.Length}.");
        var seen = new HashSet<string>(courseIds.Count, StringComparer.Ordinal);
        foreach (var id in courseIds)
            if (string.IsNullOrEmpty(id) || !seen.Add(id))
                throw new ArgumentException($"The model's vocabulary has an empty or repeated course id: '{id}'.");
        Config = config;
        CourseIds = courseIds;
        Values = values;
    }

    /// <summary>The shape.</summary>
    public SequentialConfig Config { get; }

    /// <summary>The vocabulary: row r of <c>item</c> is course CourseIds[r − 1].</summary>
    public IReadOnlyList<string> CourseIds { get; }

    /// <summary>Where each tensor stands in <see cref="Values"/>.</summary>
    public ParameterLayout Layout { get; }

    /// <summary>All weights, in the order of <see cref="Layout"/>.</summary>
    public float[] Values { get; }

    /// <summary>The values of one tensor, row-major.</summary>
    /// <exception cref="KeyNotFoundException">The model has no such tensor.</exception>
    public Span<float> this[string tensor]
    {
        get
        {
            var place = Layout[tensor];
            return Values.AsSpan(place.Offset, place.Length);
        }
    }
}
