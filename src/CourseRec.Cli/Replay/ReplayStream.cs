using System.Security.Cryptography;
using System.Text;
using CourseRec.Cli.Targets;
using CourseRec.Models.Interactions;
using CourseRec.Training.Data;

namespace CourseRec.Cli.Replay;

/// <summary>
/// A data set's interactions as enrolments: users mixed, one second of event time apart, the last of them now. Ids
/// depend on user, position and course alone, so that a replayed replay is recognised.
/// </summary>
public static class ReplayStream
{
    /// <summary>The events, in order.</summary>
    /// <param name="data">The interactions.</param>
    /// <param name="seed">Mixes the users of data without times.</param>
    /// <param name="limit">Stop after this many events.</param>
    /// <param name="now">The event time of the last one.</param>
    public static IEnumerable<OutgoingEvent> Read(InteractionDataset data, int seed, int limit, DateTimeOffset now)
    {
        var order = Interleaver.Order(data, seed);
        var count = Math.Min(limit, order.Length);
        var positions = new int[data.Users.Count];
        for (var i = 0; i < count; i++)
        {
            var user = order[i];
            var position = positions[user]++;
            var course = data.Courses[data.Sequence(user)[position]];
            yield return new OutgoingEvent(
                IdOf(data.Users[user], position, course),
                data.Users[user],
                course,
                InteractionType.Enroll,
                Value: null,
                now.AddSeconds(i + 1 - count)
            );
        }
    }

    /// <summary>The id of a user's event at a place of the user's order.</summary>
    public static string IdOf(string user, int position, string course)
    {
        var name = $"{user}-{position}-{course}";
        return name.Length <= InteractionParser.MaxIdLength
            ? name
            : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)));
    }
}
