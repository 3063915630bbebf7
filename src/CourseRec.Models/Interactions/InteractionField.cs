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
    TraceParent = 1 << 17,
}

internal static class InteractionFields
{
    /// <summary>The field at the root that a property name means.</summary>
    public static InteractionField AtRoot(ref Utf8JsonReader name) =>
        name.Is("id"u8) ? InteractionField.Id
        : name.Is("user"u8) ? InteractionField.User
        : name.Is("course"u8) ? InteractionField.Course
        : name.Is("type"u8) ? InteractionField.Type
        : name.Is("value"u8) ? InteractionField.Value
        : name.Is("time"u8) ? InteractionField.Time
        : name.Is("source"u8) ? InteractionField.Source
        : name.Is("context"u8) ? InteractionField.Context
        : name.Is("origin"u8) ? InteractionField.Origin
        : name.Is("traceparent"u8) ? InteractionField.TraceParent
        : InteractionField.Unknown;

    /// <summary>The field of <c>context</c> that a property name means.</summary>
    public static InteractionField InContext(ref Utf8JsonReader name) =>
        name.Is("session"u8) ? InteractionField.ContextSession
        : name.Is("userAgent"u8) ? InteractionField.ContextUserAgent
        : name.Is("language"u8) ? InteractionField.ContextLanguage
        : name.Is("country"u8) ? InteractionField.ContextCountry
        : name.Is("referrer"u8) ? InteractionField.ContextReferrer
        : InteractionField.Unknown;

    /// <summary>The field of <c>origin</c> that a property name means.</summary>
    public static InteractionField InOrigin(ref Utf8JsonReader name) =>
        name.Is("generation"u8) ? InteractionField.OriginGeneration
        : name.Is("partition"u8) ? InteractionField.OriginPartition
        : name.Is("offset"u8) ? InteractionField.OriginOffset
        : InteractionField.Unknown;

    /// <summary>
    /// Whether the reader stands on this text. Lengths differ most often, so that they are compared first.
    /// </summary>
    public static bool Is(this ref Utf8JsonReader reader, ReadOnlySpan<byte> text) =>
        reader.ValueSpan.Length == text.Length
            ? reader.ValueSpan.SequenceEqual(text)
            : reader.ValueIsEscaped && reader.ValueTextEquals(text);

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
            InteractionField.TraceParent => "traceparent",
            _ => "",
        };
}
