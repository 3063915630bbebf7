namespace CourseRec.Models.Interactions;

/// <summary>What a learner did with a course. The numbers are stored: append, never renumber.</summary>
public enum InteractionType : byte
{
    /// <summary>The course page was shown.</summary>
    View = 0,

    /// <summary>The learner followed a link to the course.</summary>
    Click = 1,

    /// <summary>The learner joined the course.</summary>
    Enroll = 2,

    /// <summary>The learner advanced in the course.</summary>
    Progress = 3,

    /// <summary>The learner finished the course.</summary>
    Complete = 4,

    /// <summary>The learner rated the course; the value carries the rating.</summary>
    Rate = 5,

    /// <summary>The learner asked not to be shown the course again.</summary>
    Dismiss = 6,
}
