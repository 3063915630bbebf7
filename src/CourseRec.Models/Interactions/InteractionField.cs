using System.Text.Json;

namespace CourseRec.Models.Interactions;

/// <summary>The fields that the contract knows, each one bit, so that one that is given twice is seen.</summary>
[Flags]
internal enum InteractionField
{
    Unknown = 0,
    Id = 1 << 0,
    User = 1 << 1,
    Course = 1 << 2,
    Type = 1 << 3,
    Value = 1 << 4,
    Time = 1 << 5,
    Source = 1 << 6,
    Context = 1 << 7,
    Origin = 1 << 8,
    ContextSession = 1 << 9,
    ContextUserAgent = 1 << 10,
    ContextLanguage = 1 << 11,
    ContextCountry = 1 << 12,
    ContextReferrer = 1 << 13,
    OriginGeneration = 1 << 14,
    OriginPartition = 1 << 15,
    OriginOffset = 1 << 16,
}

internal static class InteractionFields
{
    /// <summary>The field at the root that a property name means.</summary>
    public static InteractionField AtRoot(ref Utf8JsonReader name) =>
        name.ValueTextEquals("id"u8) ? InteractionField.Id
        : name.ValueTextEquals("user"u8) ? InteractionField.User
        : name.ValueTextEquals("course"u8) ? InteractionField.Course
        : name.ValueTextEquals("type"u8) ? InteractionField.Type
        : name.ValueTextEquals("value"u8) ? InteractionField.Value
        : name.ValueTextEquals("time"u8) ? InteractionField.Time
        : name.ValueTextEquals("source"u8) ? InteractionField.Source
        : name.ValueTextEquals("context"u8) ? InteractionField.Context
        : name.ValueTextEquals("origin"u8) ? InteractionField.Origin
        : InteractionField.Unknown;

    /// <summary>The field of <c>context</c> that a property name means.</summary>
    public static InteractionField InContext(ref Utf8JsonReader name) =>
        name.ValueTextEquals("session"u8) ? InteractionField.ContextSession
        : name.ValueTextEquals("userAgent"u8) ? InteractionField.ContextUserAgent
        : name.ValueTextEquals("language"u8) ? InteractionField.ContextLanguage
        : name.ValueTextEquals("country"u8) ? InteractionField.ContextCountry
        : name.ValueTextEquals("referrer"u8) ? InteractionField.ContextReferrer
        : InteractionField.Unknown;

    /// <summary>The field of <c>origin</c> that a property name means.</summary>
    public static InteractionField InOrigin(ref Utf8JsonReader name) =>
        name.ValueTextEquals("generation"u8) ? InteractionField.OriginGeneration
        : name.ValueTextEquals("partition"u8) ? InteractionField.OriginPartition
        : name.ValueTextEquals("offset"u8) ? InteractionField.OriginOffset
        : InteractionField.Unknown;

    /// <summary>How an error names the field.</summary>
    public static string Name(this InteractionField field) =>
        field switch
        {
            InteractionField.Id => "id",
            InteractionField.User => "user",
            InteractionField.Course => "course",
            InteractionField.Type => "type",
            InteractionField.Value => "value",
            InteractionField.Time => "time",
            InteractionField.Source => "source",
            InteractionField.Context => "context",
            InteractionField.Origin => "origin",
            InteractionField.ContextSession => "context.session",
            InteractionField.ContextUserAgent => "context.userAgent",
            InteractionField.ContextLanguage => "context.language",
            InteractionField.ContextCountry => "context.country",
            InteractionField.ContextReferrer => "context.referrer",
            InteractionField.OriginGeneration => "origin.generation",
            InteractionField.OriginPartition => "origin.partition",
            InteractionField.OriginOffset => "origin.offset",
            _ => "",
        };
}
