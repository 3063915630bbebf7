using CourseRec.Training.Data;

namespace CourseRec.Cli.Replay;

/// <summary>
/// Mixes the users of a data set into one stream, each user's own order kept: by time where the data has times, else
/// uniformly at random, the same for the same seed.
/// </summary>
public static class Interleaver
{
    /// <summary>
    /// The user (by place in the data) of every event of the stream; a user turns up once for each of their events.
    /// </summary>
    public static int[] Order(InteractionDataset data, int seed)
    {
        var order = new int[data.Events];
        var times = data.HasTimes ? new long[data.Events] : null;
        var next = 0;
        for (var user = 0; user < data.Users.Count; user++)
        {
            var length = data.Sequence(user).Length;
            order.AsSpan(next, length).Fill(user);
            if (times is not null)
                data.Times(user).CopyTo(times.AsSpan(next));
            next += length;
        }
        if (times is null)
            new Random(seed).Shuffle(order);
        else
            Array.Sort(times, order);
        return order;
    }
}
