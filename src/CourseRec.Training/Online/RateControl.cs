namespace CourseRec.Training.Online;

/// <summary>
/// How fast is learned: a model from nothing begins with high rates, which fall with the inverse root of the steps to
/// those of a model that is kept up to date. A roll-back halves them; accepted models give that back, slowly.
/// </summary>
internal sealed class RateControl(OnlineTrainerOptions options)
{
    private const int AcceptedToRecover = 30;

    private int _accepted;

    /// <summary>
    /// Steps since the model began from nothing; a model that was given has its early steps behind it.
    /// </summary>
    public long Age { get; set; }

    /// <summary>1, or less after roll-backs.</summary>
    public double Scale { get; set; } = 1;

    /// <summary>Of the dense part.</summary>
    public float Dense => (float)(Rate(options.LearningRate, options.EarlyLearningRate) * Scale);

    /// <summary>Of the embedding rows.</summary>
    public float Rows => (float)(Rate(options.RowLearningRate, options.EarlyRowLearningRate) * Scale);

    public void Halve() => (Scale, _accepted) = (Scale / 2, 0);

    public void Accepted()
    {
        if (Scale >= 1 || ++_accepted < AcceptedToRecover)
            return;
        (Scale, _accepted) = (Math.Min(1, Scale * 2), 0);
    }

    private double Rate(double online, double early) =>
        Math.Max(online, early / Math.Sqrt(1 + (double)Age / options.EarlySteps));
}
