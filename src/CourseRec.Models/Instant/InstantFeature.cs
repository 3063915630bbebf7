namespace CourseRec.Models.Instant;

/// <summary>
/// What the instant layer knows of a course for a user, in nats, so that features are of one size and a weight of 1 is
/// natural: a product of experts (Hinton, 2002) over the model's logit and live counts.
/// </summary>
public enum InstantFeature
{
    /// <summary>
    /// The sequence model's score. A course that the model does not know gets what a course of its popularity and
    /// co-visitation would: the mean over the known ones plus how far its log blend lies above their mean log
    /// popularity.
    /// </summary>
    Sequence,

    /// <summary>1 for a course that the sequence model does not know.</summary>
    Unknown,

    /// <summary>log(share + ε) of the popularity with the longest half-life.</summary>
    Popularity,

    /// <summary>log of the day's share over the week's, smoothed: whether a course rises.</summary>
    Day,

    /// <summary>log of the hour's share over the day's, smoothed.</summary>
    Hour,

    /// <summary>log((age + 1 h) / (age of the oldest + 1 h)): 0 for the oldest course, negative for new ones.</summary>
    Age,

    /// <summary>log((blend + ε) / (popularity + ε)): what co-visitation adds to popularity in the blend.</summary>
    Blend,

    /// <summary>log(1 + P(c | last) / 0.001).</summary>
    Last,

    /// <summary>log(1 + P(c | second last) / 0.001).</summary>
    SecondLast,

    /// <summary>log(1 + P(c | third last) / 0.001).</summary>
    ThirdLast,

    /// <summary>The same, summed over the fourth to the tenth last.</summary>
    Earlier,

    /// <summary>log(1 + n), n of the last ten courses being followed by this one.</summary>
    Breadth,

    /// <summary>1 for a course of the history.</summary>
    Seen,
}
