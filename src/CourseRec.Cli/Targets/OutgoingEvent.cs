using CourseRec.Models.Interactions;

namespace CourseRec.Cli.Targets;

/// <summary>An event to send.</summary>
/// <param name="Id">Its id; the same when it is sent again.</param>
/// <param name="User">The learner.</param>
/// <param name="Course">The course.</param>
/// <param name="Type">What the learner did.</param>
/// <param name="Value">The value, where there is one.</param>
/// <param name="Time">When it happened.</param>
public readonly record struct OutgoingEvent(
    string Id,
    string User,
    string Course,
    InteractionType Type,
    double? Value,
    DateTimeOffset Time
);
