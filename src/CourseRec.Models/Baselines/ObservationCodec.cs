using System.Buffers;
using CourseRec.Models.Catalogue;

namespace CourseRec.Models.Baselines;

/// <summary>
/// Observations as bytes, in order: what was counted since the last snapshot of the counters, to be counted again
/// after a crash. Courses by id (each once), times as differences; about six bytes an observation.
/// </summary>
public static class ObservationCodec
{
    private static readonly CourseFrame Frame = new("observations", "crob"u8.ToArray(), 1);

    /// <summary>Writes the observations with a format version and a checksum.</summary>
    public static void Write(ReadOnlySpan<Observation> observations, CourseIndex courses, IBufferWriter<byte> output)
    {
        var frame = new CourseFrameWriter();
        frame.Whole(observations.Length);
        var time = 0L;
        foreach (var observation in observations)
        {
            frame.Course(observation.Course);
            frame.Signed(observation.Time - time);
            frame.Course(observation.Previous1);
            frame.Course(observation.Previous2);
            frame.Course(observation.Previous3);
            time = observation.Time;
        }
        frame.WriteTo(output, Frame, courses);
    }

    /// <summary>Reads what <see cref="Write"/> wrote; courses that are new here get an index.</summary>
    /// <exception cref="InvalidDataException">The bytes are damaged or of an unknown format; the message says
    /// which.</exception>
    public static Observation[] Read(ReadOnlySpan<byte> saved, CourseIndex courses)
    {
        var frame = new CourseFrameReader(saved, Frame, courses);
        var observations = new Observation[frame.Count()];
        var time = 0L;
        foreach (ref var observation in observations.AsSpan())
        {
            var course = frame.Course();
            if (course < 0)
                throw frame.Damaged("an observation has no course");
            time += frame.Signed();
            observation = new(course, time, frame.Course(), frame.Course(), frame.Course());
        }
        frame.End();
        return observations;
    }
}
