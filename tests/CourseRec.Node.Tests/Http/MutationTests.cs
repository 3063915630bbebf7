using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace CourseRec.Node.Tests.Http;

public sealed class MutationTests(NodeFixture fixture) : IClassFixture<NodeFixture>
{
    private const int Mutations = 10_000;
    private static readonly byte[][] Seeds =
    [
        """{"id":"01J","user":"u17","course":"c42","type":"rate","value":4.5,"time":"2026-01-20T10:00:00Z","source":"p","context":{"session":"s","language":"de-DE"}}"""u8.ToArray(),
        """[{"user":"u1","course":"c1","type":"view"},{"user":"u2","course":"c2","type":"click","value":null}]"""u8.ToArray(),
        """{"user":"\u00fc\ud83d\ude00","course":"c","type":"enroll"}"""u8.ToArray(),
    ];

    private static readonly string[] Tokens =
    [
        "NaN",
        "1e999",
        "-0",
        "null",
        "true",
        "[",
        "]",
        "{",
        "}",
        "\"",
        "\\u0000",
        "\\ud800",
        "\u0001",
        ",",
        ":",
        "[[[[[[[[",
        "\"user\":",
        "\"time\":\"0001-01-01T00:00:00Z\"",
        "9999-12-31",
        "99999999999999999999",
        "\"origin\":{},",
        "\"type\":\"erase\"",
    ];

    [Fact]
    public async Task No_mutation_of_a_body_is_answered_500_or_sticks()
    {
        var random = new Random(20261120);
        for (var i = 0; i < Mutations; i += 8)
        {
            var bodies = Enumerable.Range(0, 8).Select(_ => Mutate(random)).ToArray();
            await Task.WhenAll(bodies.Select(PostAsync));
        }
        await fixture.Node.PostAsync("/v1/events", """{"user":"after","course":"c","type":"click"}""");
        await fixture.Node.AppliedAsync("after", 1);
        await fixture.Node.Http.GetStringAsync("/health/ready");
    }

    private async Task PostAsync(byte[] body)
    {
        using var content = new ByteArrayContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        using var answer = await fixture.Node.Http.PostAsync("/v1/events", content);
        Assert.True(
            answer.StatusCode
                is HttpStatusCode.Accepted
                    or HttpStatusCode.BadRequest
                    or HttpStatusCode.RequestEntityTooLarge,
            $"{(int)answer.StatusCode} for {Convert.ToHexString(body)} {Encoding.UTF8.GetString(body)}"
        );
        if (answer.StatusCode == HttpStatusCode.BadRequest)
            Assert.NotEmpty((await answer.ProblemAsync(HttpStatusCode.BadRequest)).GetProperty("detail").GetString()!);
    }

    private static byte[] Mutate(Random random)
    {
        var body = Seeds[random.Next(Seeds.Length)].ToList();
        for (var changes = random.Next(1, 5); changes > 0 && body.Count > 0; changes--)
        {
            var at = random.Next(body.Count);
            switch (random.Next(6))
            {
                case 0:
                    body[at] = (byte)random.Next(256);
                    break;
                case 1:
                    body.RemoveAt(at);
                    break;
                case 2:
                    body.InsertRange(at, Encoding.UTF8.GetBytes(Tokens[random.Next(Tokens.Length)]));
                    break;
                case 3:
                    body.RemoveRange(at, body.Count - at);
                    break;
                case 4:
                    body.InsertRange(at, Enumerable.Repeat((byte)'[', random.Next(1, 200)));
                    break;
                default:
                    body.InsertRange(at, Enumerable.Repeat((byte)'x', random.Next(1, 20_000)));
                    break;
            }
        }
        return [.. body];
    }
}
