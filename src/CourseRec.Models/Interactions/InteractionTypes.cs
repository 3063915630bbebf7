using System.Text.Json;

namespace CourseRec.Models.Interactions;

/// <summary>The names of the interaction types in JSON.</summary>
internal static class InteractionTypes
{
    public const string Allowed = "must be one of view, click, enroll, progress, complete, rate, dismiss";

    public static bool TryRead(ref Utf8JsonReader reader, out InteractionType type)
    {
        type =
            reader.Is("view"u8) ? InteractionType.View
            : reader.Is("click"u8) ? InteractionType.Click
            : reader.Is("enroll"u8) ? InteractionType.Enroll
            : reader.Is("progress"u8) ? InteractionType.Progress
            : reader.Is("complete"u8) ? InteractionType.Complete
            : reader.Is("rate"u8) ? InteractionType.Rate
            : reader.Is("dismiss"u8) ? InteractionType.Dismiss
            : (InteractionType)byte.MaxValue;
        return type != (InteractionType)byte.MaxValue;
    }
}
