using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using CourseRec.Actors.Catalogue;
using CourseRec.Actors.Partitions;
using CourseRec.Actors.Ports;
using CourseRec.Actors.Recommendations;
using CourseRec.Models.Interactions;
using CourseRec.Node.Cluster;
using CourseRec.Node.Operations;

namespace CourseRec.Node.Http;

/// <summary>
/// How everything that leaves over HTTP and SignalR is written: camelCase, nulls left out, types in lower case.
/// </summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [
        typeof(LowerCaseNames<InteractionType>),
        typeof(LowerCaseNames<PartitionState>),
        typeof(LowerCaseNames<NodeRole>),
    ]
)]
[JsonSerializable(typeof(Problem))]
[JsonSerializable(typeof(EventsAccepted))]
[JsonSerializable(typeof(EventBody))]
[JsonSerializable(typeof(SessionView))]
[JsonSerializable(typeof(RecommendationList))]
[JsonSerializable(typeof(ParkedUsers))]
[JsonSerializable(typeof(CourseList))]
[JsonSerializable(typeof(Course))]
[JsonSerializable(typeof(CatalogueMatches))]
[JsonSerializable(typeof(CoursesAccepted))]
[JsonSerializable(typeof(Health))]
[JsonSerializable(typeof(LiveFigures))]
[JsonSerializable(typeof(ClusterReport))]
[JsonSerializable(typeof(JsonElement))]
[JsonSerializable(typeof(int?))]
[JsonSerializable(typeof(string))]
public sealed partial class NodeJson : JsonSerializerContext
{
    /// <summary>
    /// As it leaves. Nothing is escaped for HTML, which no answer is: a title in another script takes half the bytes.
    /// </summary>
    public static NodeJson Readable =>
        field ??= new(
            new JsonSerializerOptions(Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }
        );
}

/// <summary>Writes an enumeration's names in camelCase.</summary>
internal sealed class LowerCaseNames<T>() : JsonStringEnumConverter<T>(JsonNamingPolicy.CamelCase)
    where T : struct, Enum;
