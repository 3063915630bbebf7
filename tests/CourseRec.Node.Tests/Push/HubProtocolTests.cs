using System.Text.Json;
using System.Threading.Channels;
using MessagePack;
using MessagePack.Resolvers;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;

namespace CourseRec.Node.Tests.Push;

/// <summary>SignalR's own client, which knows nothing of the hub's types.</summary>
public sealed class HubProtocolTests(NodeFixture fixture) : IClassFixture<NodeFixture>
{
    private const string Title = "线性代数 I & II";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private TestNode Node => fixture.Node;

    [Theory]
    [InlineData("json", HttpTransportType.WebSockets)]
    [InlineData("json", HttpTransportType.LongPolling)]
    [InlineData("messagepack", HttpTransportType.WebSockets)]
    [InlineData("messagepack", HttpTransportType.LongPolling)]
    public async Task Lists_and_answers_have_the_same_members_whatever_the_protocol_and_the_transport(
        string protocol,
        HttpTransportType transport
    )
    {
        var user = $"{protocol} over {transport}";
        await Node.Http.PutAsync("/v1/courses/linear", TestNode.Json($$"""{"title":"{{Title}}"}"""));
        await Node.PostAsync("/v1/events", """{"user":"first","course":"linear","type":"enroll"}""");
        var lists = Channel.CreateUnbounded<JsonElement>();
        await using var connection = Connection(user, protocol, transport);
        connection.On<object>("Recommendations", list => lists.Writer.TryWrite(Json(list)));
        await connection.StartAsync();

        var taken = Json(await connection.InvokeAsync<object>("Interact", new { course = "other", type = "click" }));
        Assert.Equal(["accepted", "rejected", "versions"], Names(taken));
        Assert.Equal(["partition", "version"], Names(Assert.Single(taken.GetProperty("versions").EnumerateArray())));
        var refused = Json(await connection.InvokeAsync<object>("Interact", new { type = "click" }));
        Assert.Equal(
            """{"accepted":0,"rejected":[{"index":0,"reason":"course: is required"}],"versions":[]}""",
            refused.GetRawText()
        );

        await connection.InvokeAsync("Subscribe", 5);
        JsonElement list;
        do list = await lists.Reader.ReadAsync().AsTask().WaitAsync(Patience);
        while (list.GetProperty("items").EnumerateArray().All(item => TitleOf(item) != Title));
        Assert.Equal(["user", "offset", "modelVersion", "generatedAt", "items"], Names(list));
        Assert.Equal(user, list.GetProperty("user").GetString());
        Assert.Equal(JsonValueKind.Number, list.GetProperty("offset").ValueKind);
        Assert.InRange(
            list.GetProperty("generatedAt").GetDateTimeOffset(),
            DateTimeOffset.UnixEpoch,
            DateTimeOffset.MaxValue
        );
        var item = list.GetProperty("items").EnumerateArray().Single(item => TitleOf(item) == Title);
        Assert.Equal(["course", "title", "score", "reason"], Names(item));
        Assert.Equal("linear", item.GetProperty("course").GetString());
        Assert.Equal("""{"kind":"popular","course":null}""", item.GetProperty("reason").GetRawText());
    }

    private HubConnection Connection(string user, string protocol, HttpTransportType transport)
    {
        var address = new Uri(Node.Url, $"/hubs/recommendations?user={Uri.EscapeDataString(user)}");
        var builder = new HubConnectionBuilder().WithUrl(address, transport);
        return (protocol == "messagepack" ? builder.AddMessagePackProtocol() : builder).Build();
    }

    private static JsonElement Json(object received) =>
        received is JsonElement json
            ? json
            : JsonDocument
                .Parse(MessagePackSerializer.SerializeToJson(received, ContractlessStandardResolver.Options))
                .RootElement;

    private static IEnumerable<string> Names(JsonElement value) =>
        value.EnumerateObject().Select(member => member.Name);

    private static string? TitleOf(JsonElement item) => item.GetProperty("title").GetString();
}
