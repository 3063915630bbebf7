using CourseRec.Models.Interactions;

namespace CourseRec.Models.Tests.Interactions;

public sealed class InteractionParserTests
{
    private readonly InteractionParser _parser = new();

    [Fact]
    public void Every_field_of_a_record_is_read()
    {
        Take(Samples.Full);

        Assert.Equal("01J", _parser.Id);
        Assert.Equal("u17", _parser.User);
        Assert.Equal("c42", _parser.Course);
        Assert.Equal(InteractionType.Rate, _parser.Type);
        Assert.Equal(4.5, _parser.Value);
        Assert.Equal(1_795_168_800_000, _parser.Time);
        Assert.Null(_parser.Origin);
        Assert.False(_parser.IsErasure);
    }

    [Fact]
    public void Nothing_is_left_over_from_the_record_before()
    {
        Take(Samples.Forwarded);
        Take(Samples.Full);
        Take(Samples.Erasure);
        Assert.True(
            _parser.TryParseRequest("""{"user":"v","course":"d","type":"view"}"""u8, Samples.AcceptedAt, out _)
        );

        Assert.Equal("", _parser.Id);
        Assert.Equal("v", _parser.User);
        Assert.Equal("d", _parser.Course);
        Assert.Equal(InteractionType.View, _parser.Type);
        Assert.Equal(double.NaN, _parser.Value);
        Assert.Equal(long.MinValue, _parser.Time);
        Assert.Null(_parser.Origin);
        Assert.False(_parser.IsErasure);
    }

    [Fact]
    public void A_forwarded_record_names_its_origin()
    {
        Take(Samples.Forwarded);
        Assert.Equal(new RecordOrigin(2, 3, (1L << 40) - 1), _parser.Origin);
    }

    [Fact]
    public void A_record_may_erase_a_user()
    {
        Take(Samples.Erasure);
        Assert.True(_parser.IsErasure);
        Assert.Equal("u", _parser.User);
        Assert.Equal("", _parser.Course);
    }

    [Theory]
    [InlineData("view", InteractionType.View)]
    [InlineData("click", InteractionType.Click)]
    [InlineData("enroll", InteractionType.Enroll)]
    [InlineData("progress", InteractionType.Progress)]
    [InlineData("complete", InteractionType.Complete)]
    [InlineData("dismiss", InteractionType.Dismiss)]
    [InlineData(@"\u0076iew", InteractionType.View)]
    public void A_type_is_read_by_its_name(string name, InteractionType type)
    {
        Take(Samples.With("type", $"\"{name}\""));
        Assert.Equal(type, _parser.Type);
    }

    [Theory]
    [InlineData("2026-11-20T10:00:00Z", 1_795_168_800_000)]
    [InlineData("2026-11-20T10:00:00.123Z", 1_795_168_800_123)]
    [InlineData("2026-11-20T11:00:00+01:00", 1_795_168_800_000)]
    [InlineData(@"2026-11-20T11:00:00\u002B01:00", 1_795_168_800_000)]
    [InlineData("2026-11-20T04:30-05:30", 1_795_168_800_000)]
    [InlineData("1990-01-01T00:00:00Z", 631_152_000_000)]
    [InlineData("2026-11-21T12:00:00Z", 1_795_262_400_000)]
    public void A_time_is_read_with_its_offset(string time, long milliseconds)
    {
        Take(Samples.With("time", $"\"{time}\""));
        Assert.Equal(milliseconds, _parser.Time);
    }

    [Theory]
    [InlineData("a plain space")]
    [InlineData("学习者-17")]
    [InlineData("été")]
    [InlineData("😀")]
    [InlineData("a/b?c=d#e\\\"")]
    public void An_id_may_hold_whatever_can_be_printed(string id)
    {
        Take(Samples.With("user", System.Text.Json.JsonSerializer.Serialize(id)));
        Assert.Equal(id, _parser.User);
    }

    [Fact]
    public void An_id_may_have_128_characters_each_escaped()
    {
        Take(Samples.With("user", $"\"{string.Concat(Enumerable.Repeat(@"\u00e9", 128))}\""));
        Assert.Equal(new string('é', 128), _parser.User);
    }

    [Theory]
    [InlineData(
        """{"unknown":{"deep":[[[1]]]},"id":"1","user":"u","course":"c","type":"click","time":"2026-11-20T10:00:00Z"}"""
    )]
    [InlineData("""{"\u0069d":"1","user":"u","course":"c","type":"click","time":"2026-11-20T10:00:00Z"}""")]
    [InlineData(
        """  {"id":"1","user":"u","course":"c","type":"click","time":"2026-11-20T10:00:00Z","value":null,"source":null,"context":null} """
    )]
    [InlineData(
        """{"id":"1","user":"u","course":"c","type":"click","time":"2026-11-20T10:00:00Z","context":{"session":null,"new":{"a":1}}}"""
    )]
    public void Unknown_fields_white_space_escaped_names_and_null_options_are_fine(string json) => Take(json);

    [Fact]
    public void A_record_of_16384_bytes_is_taken_and_one_with_an_origin_may_be_larger()
    {
        var padding = new string('x', InteractionParser.MaxRecordBytes - Samples.Plain.Length - 7);
        var largest = Samples.Plain.Replace("{", $"{{\"p\":\"{padding}\",");
        Take(largest[..1] + largest[1..].Replace("\"p\":\"x", "\"p\":\""));
        Take(largest.Replace("\"p\":\"xx", "\"p\":\""));
    }

    private void Take(string json) =>
        Assert.True(_parser.TryParseRecord(Samples.Utf8(json), Samples.AcceptedAt, out var error), error.ToString());
}
