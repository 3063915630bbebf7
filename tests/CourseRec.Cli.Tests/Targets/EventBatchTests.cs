using System.Text.Json;
using CourseRec.Cli.Targets;
using CourseRec.Models.Interactions;

namespace CourseRec.Cli.Tests.Targets;

public sealed class EventBatchTests
{
    private static readonly DateTimeOffset Time = new(2026, 11, 20, 10, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_batch_is_an_array_that_the_contract_accepts()
    {
        var batch = new EventBatch("test");
        Assert.True(batch.TryAdd(new("1", "u\"1", "c", InteractionType.Rate, 4.5, Time)));
        Assert.True(batch.TryAdd(new("2", "u2", "d", InteractionType.Enroll, null, Time)));
        using var json = JsonDocument.Parse(batch.Complete());
        var parser = new InteractionParser();
        var texts = json.RootElement.EnumerateArray().Select(e => e.GetRawText()).ToArray();
        Assert.True(
            parser.TryParseRequest(System.Text.Encoding.UTF8.GetBytes(texts[0]), Time.ToUnixTimeMilliseconds(), out _)
        );
        Assert.Equal("u\"1", parser.User.ToString());
        Assert.Equal(InteractionType.Rate, parser.Type);
        Assert.Equal(4.5, parser.Value);
        Assert.Equal(Time.ToUnixTimeMilliseconds(), parser.Time);
        Assert.True(
            parser.TryParseRequest(System.Text.Encoding.UTF8.GetBytes(texts[1]), Time.ToUnixTimeMilliseconds(), out _)
        );
        Assert.Equal("2", parser.Id.ToString());
    }

    [Fact]
    public void A_batch_is_full_at_1000_events()
    {
        var batch = new EventBatch("test");
        for (var i = 0; i < 1000; i++)
            Assert.True(batch.TryAdd(new($"{i}", $"u{i}", "c", InteractionType.View, null, Time)));
        Assert.False(batch.TryAdd(new("more", "u", "c", InteractionType.View, null, Time)));
        batch.Clear();
        Assert.True(batch.TryAdd(new("more", "u", "c", InteractionType.View, null, Time)));
        Assert.Equal(1, batch.Count);
    }

    [Fact]
    public void A_batch_takes_32_events_of_one_user()
    {
        var batch = new EventBatch("test");
        for (var i = 0; i < 32; i++)
            Assert.True(batch.TryAdd(new($"{i}", "u", "c", InteractionType.View, null, Time)));
        Assert.False(batch.TryAdd(new("33", "u", "c", InteractionType.View, null, Time)));
        Assert.True(batch.TryAdd(new("33", "v", "c", InteractionType.View, null, Time)));
    }
}
