namespace CourseRec.Node.Cli.Replay;

/// <summary>Mixes the users of a file into one stream: uniformly at random, each user's own order kept, the same for the same seed.</summary>
internal static class Interleaver
{
    /// <summary>The user (by place in the file) of every event of the stream; a user turns up once for each of their events.</summary>
    public static int[] Order(SequenceFile file, int seed)
    {
        var order = new int[file.Events];
        var next = 0;
        for (var user = 0; user < file.Sequences.Count; user++)
        {
            order.AsSpan(next, file.Sequences[user].Length).Fill(user);
            next += file.Sequences[user].Length;
        }
        new Random(seed).Shuffle(order);
        return order;
    }
}
