using CourseRec.Actors.Sessions;
using CourseRec.Models.Catalogue;
using CourseRec.Models.Interactions;
using static CourseRec.Actors.Tests.Sessions.SessionFactory;

namespace CourseRec.Actors.Tests.Sessions;

public class SessionCodecTests
{
    private readonly FoldRules _rules = new();
    private readonly CourseIndex _courses = new();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_session_comes_back_as_it_was_in_a_process_with_other_indices(int format)
    {
        var session = Sample();
        var blob = new SessionCodec(_rules, _courses) { Format = format }.Encode("u1", session);
        Assert.Equal(format, blob[0]);
        var elsewhere = new CourseIndex();
        elsewhere.GetOrAdd("another");
        var decoded = new UserSession(_rules);
        new SessionCodec(_rules, elsewhere).Decode("u1", blob, session.Version, decoded);
        Assert.Equal(Describe(session, _courses), Describe(decoded, elsewhere));
    }

    [Fact]
    public void A_blob_that_lost_its_end_is_refused()
    {
        var session = Sample();
        var codec = new SessionCodec(_rules, _courses);
        var blob = codec.Encode("u1", session);
        for (var length = 0; length < blob.Length; length++)
            Assert.Throws<InvalidDataException>(() =>
                codec.Decode("u1", blob.AsSpan(0, length), session.Version, new UserSession(_rules))
            );
    }

    [Fact]
    public void A_blob_with_one_flipped_bit_is_refused()
    {
        var session = Sample();
        var codec = new SessionCodec(_rules, _courses);
        var blob = codec.Encode("u1", session);
        for (var bit = 0; bit < blob.Length * 8; bit++)
        {
            blob[bit / 8] ^= (byte)(1 << bit % 8);
            Assert.Throws<InvalidDataException>(() =>
                codec.Decode("u1", blob, session.Version, new UserSession(_rules))
            );
            blob[bit / 8] ^= (byte)(1 << bit % 8);
        }
    }

    [Fact]
    public void A_session_in_another_users_row_is_refused()
    {
        var session = Sample();
        var codec = new SessionCodec(_rules, _courses);
        var blob = codec.Encode("u1", session);
        Assert.Throws<InvalidDataException>(() => codec.Decode("u2", blob, session.Version, new UserSession(_rules)));
    }

    [Fact]
    public void A_row_whose_version_is_not_the_sessions_is_refused_and_both_are_named()
    {
        var session = Sample();
        var codec = new SessionCodec(_rules, _courses);
        var error = Assert.Throws<InvalidDataException>(() =>
            codec.Decode("u1", codec.Encode("u1", session), V(999), new UserSession(_rules))
        );
        Assert.Equal($"the row says version 1/999, the session inside {session.Version}", error.Message);
    }

    [Fact]
    public void The_largest_session_that_the_rules_allow_fits_in_256_KiB()
    {
        var session = new UserSession(_rules);
        var total = _rules.HistoryLength + _rules.TakenLimit;
        for (var i = 0; i < total; i++)
        {
            var course = _courses.GetOrAdd(string.Concat(Enumerable.Repeat("學", 122)) + $"{i:d6}");
            session.Fold(V(i), Event($"e{i}", course, InteractionType.Enroll, i));
        }
        Assert.InRange(new SessionCodec(_rules, _courses).Encode("u1", session).Length, 200 * 1024, 256 * 1024);
    }

    [Fact]
    public void A_history_of_fifty_courses_packs_into_six_hundred_bytes()
    {
        var session = new UserSession(_rules);
        for (var i = 0; i < 50; i++)
            session.Fold(V(i), Event($"e{i}", i * 60, InteractionType.Enroll, i * 86_400));
        var output = new System.Buffers.ArrayBufferWriter<byte>();
        SessionPacking.Write(session, default(ProcessCourseNumbers), output);
        Assert.InRange(output.WrittenCount, 256, 600);
    }

    private UserSession Sample()
    {
        var session = new UserSession(_rules);
        session.Erase(V(0), Start - 1);
        for (var i = 1; i < 80; i++)
        {
            var type = (InteractionType)(i % 7);
            var origin = i % 9 == 0 ? new RecordOrigin(1, i % 4, i) : (RecordOrigin?)null;
            session.Fold(V(i), Event($"e{i}", _courses.GetOrAdd($"course-{i % 30}"), type, 500 - i, 4, origin));
        }
        return session;
    }

    private static string Describe(UserSession session, CourseIndex courses) =>
        string.Join(
            ' ',
            [
                session.Version,
                session.Applied,
                session.ErasedAt,
                .. session.History.ToArray().Select(item => $"{courses[item.Course]}:{item.Type}:{item.Time}"),
                "taken",
                .. session.Taken.Select(course => courses[course]),
                "ids",
                .. session.RecentIds.ToArray(),
                "origins",
                .. session.Origins,
            ]
        );
}
