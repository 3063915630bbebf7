using System.Text.Json;
using CourseRec.Actors.Recommendations;
using CourseRec.Node.Http;
using MessagePack;
using MessagePack.Formatters;
using MessagePack.Resolvers;

namespace CourseRec.Node.Push;

/// <summary>
/// What the hub sends and takes in MessagePack: member for member what it sends and takes in JSON, which is the
/// contract. Nothing else is read, so a client can't name types.
/// </summary>
internal static class HubMessagePack
{
    /// <summary>How the hub's protocol reads and writes.</summary>
    /// <param name="json">How the hub's JSON protocol does.</param>
    public static MessagePackSerializerOptions As(JsonSerializerOptions json) =>
        MessagePackSerializerOptions
            .Standard.WithResolver(
                CompositeResolver.Create(
                    [
                        new AsJson<RecommendationList>(json),
                        new AsJson<EventsAccepted>(json),
                        new AsJson<JsonElement>(json),
                    ],
                    [BuiltinResolver.Instance]
                )
            )
            .WithSecurity(MessagePackSecurity.UntrustedData);

    /// <summary>A type with the members and the values that it has in JSON.</summary>
    private sealed class AsJson<T>(JsonSerializerOptions json) : IMessagePackFormatter<T>
    {
        public void Serialize(ref MessagePackWriter writer, T value, MessagePackSerializerOptions options) =>
            MessagePackSerializer.ConvertFromJson(JsonSerializer.Serialize(value, json), ref writer, options);

        public T Deserialize(ref MessagePackReader reader, MessagePackSerializerOptions options)
        {
            using var text = new StringWriter();
            MessagePackSerializer.ConvertToJson(ref reader, text, options);
            return JsonSerializer.Deserialize<T>(text.ToString(), json)!;
        }
    }
}
