using System.Text.Json;

namespace CourseRec.Models.Interactions;

/// <summary>The names of the interaction types in JSON.</summary>
internal static class InteractionTypes
{
    public const string Allowed = "must be one of view, click, enroll, progress, complete, rate, dismiss";

    public static bool TryRead(ref Utf8JsonReader reader, out InteractionType type)
    {
        type =
            reader.ValueTextEquals("view"u8) ? InteractionType.View
            : reader.ValueTextEquals("click"u8) ? InteractionType.Click
            : reader.ValueTextEquals("enroll"u8) ? InteractionType.Enroll
            : reader.ValueTextEquals("progress"u8) ? InteractionType.Progress
            : reader.ValueTextEquals("complete"u8) ? InteractionType.Complete
            : reader.ValueTextEquals("rate"u8) ? InteractionType.Rate
            : reader.ValueTextEquals("dismiss"u8) ? InteractionType.Dismiss
            : (InteractionType)byte.MaxValue;
        return type != (InteractionType)byte.MaxValue;
    }
}
