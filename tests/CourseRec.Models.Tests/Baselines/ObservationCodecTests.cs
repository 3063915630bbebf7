using System.Buffers;
using CourseRec.Models.Baselines;
using CourseRec.Models.Catalogue;

namespace CourseRec.Models.Tests.Baselines;

public sealed class ObservationCodecTests
{
    private readonly CourseIndex _courses = Observations.Courses(30);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(1_000)]
    public void Observations_are_read_as_they_were_written(int count)
    {
        var observations = Observations.Random(1, count, from: Observations.Year1990, to: Observations.Year2100);
        Assert.Equal(observations, ObservationCodec.Read(Write(observations), _courses));
    }

    [Fact]
    public void Extreme_times_survive()
    {
        Observation[] observations =
        [
            new(0, long.MinValue, -1, -1, -1),
            new(0, long.MaxValue, 1, 2, 3),
            new(0, 0, 1, -1, -1),
        ];
        Assert.Equal(observations, ObservationCodec.Read(Write(observations), _courses));
    }

    [Fact]
    public void Courses_are_written_by_id()
    {
        var other = new CourseIndex();
        other.GetOrAdd("another");
        var read = ObservationCodec.Read(Write([new(29, 7, 28, -1, -1)]), other);
        Assert.Equal([new(other.Find("course-29"), 7, other.Find("course-28"), -1, -1)], read);
    }

    [Fact]
    public void An_observation_takes_few_bytes()
    {
        var observations = Observations
            .Random(2, 1_000)
            .Select((one, i) => one with { Time = Observations.Year2026 + i })
            .ToArray();
        Assert.InRange(Write(observations).Length, 5_000, 5_600);
    }

    [Fact]
    public void Every_truncation_and_every_changed_byte_is_refused()
    {
        var saved = Write(Observations.Random(3, 20));
        for (var length = 0; length < saved.Length; length++)
            Assert.Throws<InvalidDataException>(() => ObservationCodec.Read(saved.AsSpan(0, length), _courses));
        for (var at = 0; at < saved.Length; at++)
        {
            var changed = saved.ToArray();
            changed[at] ^= 0x01;
            var error = Assert.Throws<InvalidDataException>(() => ObservationCodec.Read(changed, _courses));
            Assert.StartsWith("The observations are damaged: ", error.Message);
        }
    }

    private byte[] Write(Observation[] observations)
    {
        var output = new ArrayBufferWriter<byte>();
        ObservationCodec.Write(observations, _courses, output);
        return output.WrittenSpan.ToArray();
    }
}
