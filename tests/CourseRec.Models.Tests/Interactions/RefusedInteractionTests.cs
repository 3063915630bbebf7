using System.Text;
using CourseRec.Models.Interactions;

namespace CourseRec.Models.Tests.Interactions;

public sealed class RefusedInteractionTests
{
    private const string Printable =
        "must have printable characters only (no control, invisible or unassigned ones, no separators but the "
        + "plain space)";
    private const string TimeForm = "must be ISO 8601 with an offset, as in 2026-11-20T10:00:00Z";

    [Theory]
    [InlineData("", "the record is not valid JSON at byte 0")]
    [InlineData("   ", "the record is not valid JSON at byte 3")]
    [InlineData("[]", "the record must be a JSON object")]
    [InlineData("null", "the record must be a JSON object")]
    [InlineData("\"text\"", "the record must be a JSON object")]
    [InlineData("{", "the record is not valid JSON at byte 1")]
    [InlineData("{\"id\":NaN}", "the record is not valid JSON at byte 6")]
    [InlineData("{\"id\":\"1\",}", "the record is not valid JSON at byte 10")]
    [InlineData("{/* no */}", "the record is not valid JSON at byte 1")]
    [InlineData("\uFEFF{}", "the record is not valid JSON at byte 0")]
    [InlineData(Samples.Plain + "x", "the record is not valid JSON at byte 79")]
    [InlineData(Samples.Plain + Samples.Plain, "the record is not valid JSON at byte 79")]
    [InlineData("{\"\\ud800\":1}", "is not valid text (half a surrogate pair) at byte 1")]
    public void A_broken_record_is_refused_as_a_whole_with_the_place(string json, string refusal) =>
        Assert.Equal(refusal, Samples.Refusal(json));

    [Theory]
    [InlineData("id", "7", "must be a string")]
    [InlineData("id", "null", "must be a string")]
    [InlineData("user", "{}", "must be a string")]
    [InlineData("user", "\"\"", "must have 1 to 128 characters; it is empty")]
    [InlineData("user", "\" u\"", "must not begin or end with white space")]
    [InlineData("user", "\"u\\t\"", "must not begin or end with white space")]
    [InlineData("user", "\"u\\u00a0\"", "must not begin or end with white space")]
    [InlineData("user", "\"a\\u0000b\"", Printable)]
    [InlineData("user", "\"a\\nb\"", Printable)]
    [InlineData("user", "\"a\\u007fb\"", Printable)]
    [InlineData("user", "\"a\\u0085b\"", Printable)]
    [InlineData("user", "\"a\\u2028b\"", Printable)]
    [InlineData("user", "\"a\\u2029b\"", Printable)]
    [InlineData("user", "\"a\\u00a0b\"", Printable)]
    [InlineData("user", "\"a\\u202eb\"", Printable)]
    [InlineData("user", "\"a\\uffff\"", Printable)]
    [InlineData("course", "\"\\ud800\"", "is not valid text (half a surrogate pair) at byte 30")]
    [InlineData("course", "\"\\udc00\\ud800\"", "is not valid text (half a surrogate pair) at byte 30")]
    [InlineData("course", "[\"c\"]", "must be a string")]
    [InlineData("type", "\"buy\"", "must be one of view, click, enroll, progress, complete, rate, dismiss")]
    [InlineData("type", "\"View\"", "must be one of view, click, enroll, progress, complete, rate, dismiss")]
    [InlineData("type", "1", "must be a string")]
    [InlineData("value", "\"4\"", "must be a number")]
    [InlineData("value", "true", "must be a number")]
    [InlineData("value", "1e999", "must be finite")]
    [InlineData("value", "-1e999", "must be finite")]
    [InlineData("value", "\"NaN\"", "must be a number")]
    [InlineData("time", "1795168800", TimeForm)]
    [InlineData("time", "\"\"", TimeForm)]
    [InlineData("time", "\"2026-11-20\"", TimeForm)]
    [InlineData("time", "\"2026-11-20T10:00:00\"", TimeForm)]
    [InlineData("time", "\"2026-13-20T10:00:00Z\"", TimeForm)]
    [InlineData("time", "\"2026-02-30T10:00:00Z\"", TimeForm)]
    [InlineData("time", "\"2026-11-20T25:00:00Z\"", TimeForm)]
    [InlineData("time", "\"20 November 2026\"", TimeForm)]
    [InlineData("time", "\"9999-12-31T23:59:59-14:00\"", TimeForm)]
    [InlineData("time", "\"0001-01-01T00:00:00+14:00\"", TimeForm)]
    [InlineData("time", "\"0001-01-01T00:00:00Z\"", "must not be before 1990")]
    [InlineData("time", "\"1989-12-31T23:59:59Z\"", "must not be before 1990")]
    [InlineData("time", "\"9999-12-31T23:59:59Z\"", "must be at most a day ahead of its acceptance")]
    [InlineData("time", "\"2026-11-21T12:00:01Z\"", "must be at most a day ahead of its acceptance")]
    [InlineData("source", "5", "must be a string")]
    [InlineData("source", "\"a\\u0007b\"", Printable)]
    [InlineData("context", "\"text\"", "must be an object")]
    [InlineData("context", "[]", "must be an object")]
    [InlineData("origin", "7", "must be an object")]
    [InlineData("origin", "null", "must be an object")]
    public void A_bad_field_is_named(string field, string value, string reason) =>
        Assert.Equal($"{field}: {reason}", Samples.Refusal(Samples.With(field, value)));

    [Theory]
    [InlineData("context", "{\"session\":1}", "context.session: must be a string")]
    [InlineData("context", "{\"userAgent\":{}}", "context.userAgent: must be a string")]
    [InlineData("context", "{\"language\":\"\\u0000\"}", "context.language: must not have control characters")]
    [InlineData("context", "{\"country\":\"DE\",\"country\":\"FR\"}", "context.country: is given twice")]
    [InlineData(
        "context",
        "{\"referrer\":\"\\udfff\"}",
        "context.referrer: is not valid text (half a surrogate pair) at byte 101"
    )]
    [InlineData("origin", "{}", "origin.generation: is required")]
    [InlineData("origin", "{\"generation\":1,\"partition\":0}", "origin.offset: is required")]
    [InlineData("origin", "{\"generation\":0}", "origin.generation: must be a whole number in its range")]
    [InlineData("origin", "{\"partition\":-1}", "origin.partition: must be a whole number in its range")]
    [InlineData("origin", "{\"offset\":1099511627776}", "origin.offset: must be a whole number in its range")]
    [InlineData("origin", "{\"offset\":1.5}", "origin.offset: must be a whole number in its range")]
    [InlineData("origin", "{\"offset\":1,\"offset\":1}", "origin.offset: is given twice")]
    public void A_bad_inner_field_is_named_with_its_object(string field, string value, string refusal) =>
        Assert.Equal(refusal, Samples.Refusal(Samples.With(field, value)));

    [Theory]
    [InlineData("id")]
    [InlineData("user")]
    [InlineData("course")]
    [InlineData("type")]
    [InlineData("time")]
    public void A_record_needs_each_required_field(string field) =>
        Assert.Equal($"{field}: is required", Samples.Refusal(Samples.Without(field)));

    [Theory]
    [InlineData("id", "")]
    [InlineData("time", "")]
    [InlineData("user", "user: is required")]
    [InlineData("course", "course: is required")]
    [InlineData("type", "type: is required")]
    public void A_request_may_leave_out_its_id_and_time_only(string field, string refusal) =>
        Assert.Equal(refusal, Samples.Refusal(Samples.Without(field), asRequest: true));

    [Theory]
    [InlineData("id", "\"1\"")]
    [InlineData("user", "\"u\"")]
    [InlineData("course", "\"c\"")]
    [InlineData("type", "\"click\"")]
    [InlineData("value", "1")]
    [InlineData("time", "\"2026-11-20T10:00:00Z\"")]
    [InlineData("source", "\"s\"")]
    [InlineData("context", "{}")]
    [InlineData("origin", "{\"generation\":1,\"partition\":0,\"offset\":0}")]
    public void A_field_given_twice_is_refused(string field, string value) =>
        Assert.Equal(
            $"{field}: is given twice",
            Samples.Refusal(Samples.With(field, value).Replace("{\"id\"", $"{{\"{field}\":{value},\"id\""))
        );

    [Fact]
    public void A_request_can_neither_erase_a_user_nor_name_an_origin()
    {
        Assert.Equal(
            "type: must be one of view, click, enroll, progress, complete, rate, dismiss",
            Samples.Refusal(Samples.Erasure, asRequest: true)
        );
        Assert.Equal("origin: is not allowed in a request", Samples.Refusal(Samples.Forwarded, asRequest: true));
    }

    [Fact]
    public void An_erasure_has_no_course() =>
        Assert.Equal("course: is not allowed with the type erase", Samples.Refusal(Samples.With("type", "\"erase\"")));

    [Fact]
    public void A_rating_needs_its_value() =>
        Assert.Equal("value: is required when the type is rate", Samples.Refusal(Samples.With("type", "\"rate\"")));

    [Theory]
    [InlineData(129)]
    [InlineData(769)]
    [InlineData(15_000)]
    public void A_long_id_is_refused(int length) =>
        Assert.Equal(
            "user: must have 1 to 128 characters; it is longer",
            Samples.Refusal(Samples.With("user", $"\"{new string('u', length)}\""))
        );

    [Fact]
    public void A_long_context_text_is_refused() =>
        Assert.Equal(
            "context.referrer: must have at most 4,096 bytes",
            Samples.Refusal(Samples.With("context", $"{{\"referrer\":\"{new string('u', 4097)}\"}}"))
        );

    [Fact]
    public void A_record_over_16384_bytes_and_a_request_over_15872_are_refused()
    {
        var spaces = new string(' ', InteractionParser.MaxRecordBytes - Samples.Plain.Length);
        Assert.Equal("", Samples.Refusal(Samples.Plain + spaces));
        Assert.Equal("the record must have at most 16,384 bytes", Samples.Refusal(Samples.Plain + spaces + " "));
        Assert.Equal(
            "the record must have at most 16,384 bytes",
            Samples.Refusal(Samples.Plain + spaces + new string(' ', 1_000_000))
        );
        Assert.Equal("", Samples.Refusal(Samples.Plain + spaces[512..], asRequest: true));
        Assert.Equal(
            "the request must have at most 15,872 bytes",
            Samples.Refusal(Samples.Plain + spaces[511..], asRequest: true)
        );
    }

    [Theory]
    [InlineData(15, "")]
    [InlineData(16, "the record is nested deeper than 16 levels at byte 20")]
    [InlineData(5000, "the record is nested deeper than 16 levels at byte 20")]
    public void Nesting_is_bounded(int depth, string refusal)
    {
        var nested = string.Concat(new string('[', depth), new string(']', depth));
        Assert.Equal(refusal, Samples.Refusal("{\"n\":" + nested + "," + Samples.Plain[1..]));
    }

    [Fact]
    public void Bytes_that_are_not_UTF_8_are_refused_wherever_they_stand()
    {
        var record = Encoding.Latin1.GetBytes(Samples.With("unknown", "\"é\""));
        var place = Array.IndexOf(record, (byte)'é');
        Assert.Equal($"the record is not valid UTF-8 at byte {place}", Samples.Refusal(record));
    }

    [Fact]
    public void Every_truncation_is_refused()
    {
        var record = Samples.Utf8(Samples.Full);
        for (var length = 0; length < record.Length; length++)
            Assert.NotEqual("", Samples.Refusal(record[..length]));
    }
}
