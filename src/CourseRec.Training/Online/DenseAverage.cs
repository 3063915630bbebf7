using CourseRec.Models.Sequential;

namespace CourseRec.Training.Online;

/// <summary>
/// The dense part as it serves: its average over about the last half minute, which takes out the noise of single
/// steps. Early on, when it changes fast, it is the average over about the last half of its time. Rows serve as they
/// are: an average would make new courses wait.
/// </summary>
internal sealed class DenseAverage
{
    private const double Seconds = 30;

    private float[] _values = [];
    private int _taken;

    /// <summary>A copy of the average, [dense parameters], and how many went into it; empty before the first.</summary>
    public (float[] Values, int Taken) Save() => ((float[])_values.Clone(), _taken);

    /// <summary>Goes on from what was saved.</summary>
    public void Restore(float[] values, int taken) => (_values, _taken) = ((float[])values.Clone(), taken);

    /// <summary>Takes parameters in and puts the average in their place.</summary>
    /// <param name="parameters">Changed: the dense part becomes the average.</param>
    /// <param name="elapsed">Since the last time.</param>
    public void Apply(SequentialParameters parameters, TimeSpan elapsed)
    {
        var dense = Dense(parameters);
        if (_values.Length != dense.Length)
            (_values, _taken) = (dense.ToArray(), 0);
        var weight = (float)Math.Max(1 - Math.Exp(-elapsed.TotalSeconds / Seconds), 2.0 / (_taken + 2.0));
        for (var i = 0; i < dense.Length; i++)
            dense[i] = _values[i] += weight * (dense[i] - _values[i]);
        _taken++;
    }

    /// <summary>All between the rows and the output biases.</summary>
    private static Span<float> Dense(SequentialParameters parameters)
    {
        var (item, bias) = (parameters.Layout["item"], parameters.Layout["outputBias"]);
        return parameters.Values.AsSpan(item.Length, bias.Offset - item.Length);
    }
}
