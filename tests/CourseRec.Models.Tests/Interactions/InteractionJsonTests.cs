using System.Buffers;
using System.Text;
using CourseRec.Models.Interactions;

namespace CourseRec.Models.Tests.Interactions;

public sealed class InteractionJsonTests
{
    private const string Request = """ { "user":"u","course":"c","type":"view"}""";

    [Fact]
    public void A_request_is_completed_with_its_id_and_time() =>
        Assert.Equal(
            """ {"id":"a\u0022b","time":"2026-11-20T12:00:00.000Z", "user":"u","course":"c","type":"view"}""",
            Complete(Request, "a\"b", Samples.AcceptedAt)
        );

    [Fact]
    public void A_complete_request_is_kept_byte_by_byte() =>
        Assert.Equal(Samples.Full, Complete(Samples.Full, null, null));

    [Fact]
    public void The_largest_request_still_makes_a_record_when_completed_and_forwarded()
    {
        var largest = Request + new string(' ', InteractionParser.MaxRequestBytes - Request.Length);
        var record = Complete(largest, new string('i', 128), Samples.AcceptedAt, new string('0', 55));
        Assert.Equal("", Samples.Refusal(record));
        var full = Samples.Utf8(record + new string(' ', InteractionParser.MaxRecordBytes - record.Length));
        var origin = new RecordOrigin(int.MaxValue, int.MaxValue, (1L << 40) - 1);
        Assert.Equal("", Samples.Refusal(InteractionJson.WithOrigin(full, origin)));
    }

    [Fact]
    public void An_erasure_is_read_back()
    {
        var parser = new InteractionParser();
        var record = InteractionJson.Erasure("ü \"17\"", "e1", Samples.AcceptedAt);
        Assert.True(parser.TryParseRecord(record, Samples.AcceptedAt, out var error), error.ToString());
        Assert.True(parser.IsErasure);
        Assert.Equal("ü \"17\"", parser.User);
        Assert.Equal("e1", parser.Id);
        Assert.Equal(Samples.AcceptedAt, parser.Time);
    }

    [Fact]
    public void An_unparking_is_read_back_from_the_log_and_refused_in_a_request()
    {
        var parser = new InteractionParser();
        var record = InteractionJson.Unparking("ü \"17\"", "p1", Samples.AcceptedAt, new(1, 2, 3));
        Assert.True(parser.TryParseRecord(record, Samples.AcceptedAt, out var error), error.ToString());
        Assert.True(parser.IsUnparking);
        Assert.Equal(("ü \"17\"", "p1"), (parser.User.ToString(), parser.Id.ToString()));
        Assert.Equal(new RecordOrigin(1, 2, 3), parser.Origin);
        Assert.False(parser.TryParseRequest(record, Samples.AcceptedAt, out _));
        var nowhere = """{"id":"p1","user":"u","type":"unpark","time":"2026-01-01T00:00:00Z"}""";
        Assert.Equal("origin: is required", Samples.Refusal(nowhere));
    }

    [Fact]
    public void An_origin_is_read_back()
    {
        var parser = new InteractionParser();
        var record = InteractionJson.WithOrigin(Samples.Utf8(Samples.Full), new(1, 2, 3));
        Assert.True(parser.TryParseRecord(record, Samples.AcceptedAt, out var error), error.ToString());
        Assert.Equal(new RecordOrigin(1, 2, 3), parser.Origin);
        Assert.Equal("c42", parser.Course);
    }

    [Fact]
    public void A_trace_is_put_in_and_read_back()
    {
        const string trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        var parser = new InteractionParser();
        var record = Complete(Samples.Full, null, null, trace);
        Assert.True(parser.TryParseRecord(Samples.Utf8(record), Samples.AcceptedAt, out var error), error.ToString());
        Assert.Equal(trace, Encoding.ASCII.GetString(parser.TraceParent));
        Assert.Equal("c42", parser.Course);
        Assert.True(parser.TryParseRecord(Samples.Utf8(Samples.Full), Samples.AcceptedAt, out _));
        Assert.True(parser.TraceParent.IsEmpty);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("7")]
    [InlineData("\"00-0af7\"")]
    [InlineData("{\"id\":[1]}")]
    public void What_is_no_trace_is_ignored_as_any_unknown_field_is(string value)
    {
        var parser = new InteractionParser();
        var json = Request.Replace("\"user\"", $"\"traceparent\":{value},\"user\"", StringComparison.Ordinal);
        Assert.True(parser.TryParseRequest(Samples.Utf8(json), Samples.AcceptedAt, out var error), error.ToString());
        Assert.True(parser.TraceParent.IsEmpty);
    }

    private static string Complete(string json, string? id, long? time, string? trace = null)
    {
        var output = new ArrayBufferWriter<byte>();
        InteractionJson.Complete(Samples.Utf8(json), id, time, trace, output);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }
}
