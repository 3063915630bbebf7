using System.Runtime.CompilerServices;
using System.Runtime.Serialization;
using System.Text.RegularExpressions;
using Akka.Actor;
using Akka.TestKit.Xunit2;
using CourseRec.Actors.Hosting;
using CourseRec.Actors.Partitions;
using CourseRec.Actors.Recommendations;
using CourseRec.Actors.Serialization;
using CourseRec.Actors.Tests.Hosting;
using CourseRec.Models.Interactions;

namespace CourseRec.Actors.Tests.Serialization;

public sealed partial class WireFormTests() : TestKit(WireConfig.Config.WithFallback(TestConfig.Patient))
{
    /// <summary>Protocols between actors of one process.</summary>
    private static readonly string[] LocalProtocols = ["UserProtocol.cs", "PushProtocol.cs"];

    /// <summary>What the others declare that does not cross by itself.</summary>
    private static readonly string[] NoMessages =
    [
        nameof(Drain), // Stays in its process.
        nameof(Question),
        "Read",
        nameof(Actors.Partitions.Watch),
        nameof(ListMark),
        nameof(PartitionCounted),
        nameof(ServedPartition),
    ];

    [Fact]
    public void Every_message_arrives_as_it_was_sent()
    {
        for (var seed = 0; seed < 500; seed++)
            foreach (var message in new WireSamples(new Random(seed), TestActor).OfEach())
                Assert.True(WireSamples.AreSame(message, RoundTrip(message)), $"seed {seed}: {message}");
    }

    [Fact]
    public void Every_form_is_tried_here() =>
        Assert.Equal(
            WireForms.All.Select(form => form.Message.Name).Order(),
            new WireSamples(new Random(1), TestActor).OfEach().Select(message => message.GetType().Name).Order()
        );

    [Fact]
    public void Every_message_of_the_protocols_has_a_form()
    {
        var declared = Directory
            .EnumerateFiles(Sources(), "*Protocol.cs", SearchOption.AllDirectories)
            .Where(file => !LocalProtocols.Contains(Path.GetFileName(file)))
            .SelectMany(file => Declared().Matches(File.ReadAllText(file)))
            .Select(match => match.Groups[1].Value)
            .Except(NoMessages)
            .ToArray();
        Assert.Contains(nameof(GetSession), declared);
        Assert.Empty(declared.Except(WireForms.All.Select(form => form.Message.Name)));
    }

    [Fact]
    public void Every_form_s_type_is_bound_to_the_serializer() =>
        Assert.All(
            WireForms.All,
            form => Assert.IsType<ClusterSerializer>(Sys.Serialization.FindSerializerForType(form.Message))
        );

    [Fact]
    public void An_instant_is_kept_whatever_its_offset()
    {
        var time = new DateTimeOffset(2026, 12, 1, 1, 30, 0, TimeSpan.FromHours(5.75));
        var read = (RecommendationList)RoundTrip(new RecommendationList("u", 1, "m", time, []));
        Assert.Equal((time, TimeSpan.Zero), (read.GeneratedAt, read.GeneratedAt.Offset));
    }

    [Fact]
    public void A_watcher_is_the_same_actor_on_arrival()
    {
        var read = (StartWatch)RoundTrip(new StartWatch("u", new Watch(TestActor, 10), ListMark.None));
        read.Watch.Watcher.Tell("here");
        ExpectMsg("here");
    }

    /// <summary>A change of these breaks nodes of another version: it is to be a form of its own.</summary>
    [Theory]
    [InlineData("wake/1", "07000000")]
    [InlineData("get-session/1", "02FBFFFFFF030000007530C3A90500000000010000")]
    [InlineData("recommend/1", "03FBFFFFFF030000007530C3A90A0000000500000000010000")]
    [InlineData(
        "start-watch/1",
        "04FBFFFFFF030000007530C3A9ECFFFFFF13000000616B6B613A2F2F616C6C2D73797374656D732F"
            + "0A000000030500000000010000FEFFFFFF010000006D0300000000000000"
    )]
    [InlineData("end-watch/1", "02FBFFFFFF030000007530C3A9ECFFFFFF13000000616B6B613A2F2F616C6C2D73797374656D732F")]
    [InlineData(
        "session-view/1",
        "06FBFFFFFF030000007530C3A9020000000500000000000000060000000000000007000000000000"
            + "000100000003FDFFFFFF020000006331050080B5F7F57F9F08"
    )]
    [InlineData(
        "recommendation-list/1",
        "05FBFFFFFF030000007530C3A90500000000000000FEFFFFFF010000006D0080B5F7F57F9F080100"
            + "000005FDFFFFFF020000006331FFFFFFFF000000000000E03FF8FFFFFF07000000686973746F7279"
            + "FDFFFFFF020000006332"
    )]
    [InlineData("watching/1", "00")]
    [InlineData(
        "new-list/1",
        "0505FBFFFFFF030000007530C3A90500000000000000FEFFFFFF010000006D0080B5F7F57F9F0801"
            + "00000005FDFFFFFF020000006331FFFFFFFF000000000000E03FF8FFFFFF07000000686973746F72"
            + "79FDFFFFFF020000006332030500000000010000FEFFFFFF010000006D0300000000000000016300"
            + "000000000000FFFFFFFF"
    )]
    [InlineData("refusal/1", "0204FCFFFFFF03000000776879")]
    [InlineData("partition-started/1", "07000000")]
    [InlineData("node-counted/1", "010100000005070000000500000000010000060000000001000001020000000102")]
    [InlineData("proof-ping/1", "0800000000000000")]
    [InlineData("proof-pong/1", "08000000000000000900000000000000")]
    [InlineData("describe-node/1", "00")]
    [InlineData(
        "node-description/1",
        "07FEFFFFFF010000006EFFFFFFFF01000000020100000001000000010000000200000000000000FC"
            + "FFFFFF03000000302E31FEFFFFFF010000006D"
    )]
    public void A_form_s_bytes_stay_what_they_are(string manifest, string bytes)
    {
        var form = WireForms.All.Single(form => form.Manifest == manifest);
        Assert.Equal(bytes, Convert.ToHexString(form.Write(Settled(form.Message))));
    }

    [Fact]
    public void Damaged_bytes_are_refused_in_a_sentence()
    {
        var bytes = Sys.Serialization.Serialize(new GetSession("u17"));
        var error = Assert.Throws<SerializationException>(() => Read(bytes[..^1], "get-session/1"));
        Assert.StartsWith("A message get-session/1 of 23 bytes is damaged and dropped: ", error.Message);
        error = Assert.Throws<SerializationException>(() => Read([.. bytes, 0], "get-session/1"));
        Assert.Equal(
            "A message get-session/1 of 25 bytes is damaged and dropped: its checksum is not the one of its bytes",
            error.Message
        );
    }

    [Fact]
    public void Whatever_is_damaged_nothing_else_is_thrown()
    {
        var random = new Random(7);
        for (var round = 0; round < 200; round++)
            foreach (var message in new WireSamples(random, TestActor).OfEach())
            {
                var serializer = (ClusterSerializer)Sys.Serialization.FindSerializerFor(message);
                var bytes = serializer.ToBinary(message);
                bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
                var kept = random.Next(4) == 0 ? random.Next(bytes.Length) : bytes.Length;
                if (Record.Exception(() => Read(bytes[..kept], serializer.Manifest(message))) is { } thrown)
                    Assert.IsType<SerializationException>(thrown);
            }
    }

    private static object Settled(Type message)
    {
        var item = new Recommendation("c1", null, 0.5, new RecommendationReason("history", "c2"));
        var list = new RecommendationList("u0é", 5, "m", DateTimeOffset.UnixEpoch, [item]);
        var mark = new ListMark(LogVersion.At(1, 5), "m", 3);
        object[] all =
        [
            new Wake(7),
            new GetSession("u0é", LogVersion.At(1, 5)),
            new Recommend("u0é", 10, LogVersion.At(1, 5)),
            new StartWatch("u0é", new Watch(ActorRefs.Nobody, 10), mark),
            new EndWatch("u0é", ActorRefs.Nobody),
            new SessionView("u0é", 2, 5, 6, 7, [new("c1", InteractionType.Rate, DateTimeOffset.UnixEpoch)]),
            list,
            Watching.It,
            new NewList(list, mark, 99, null),
            new Refusal(RefusalKind.Failed, "why"),
            new PartitionStarted(7),
            new NodeCounted([new(7, new(LogVersion.At(1, 5), LogVersion.At(1, 6), true, new byte[] { 1, 2 }))]),
            new ProofPing(8),
            new ProofPong(8, 9),
            DescribeNode.It,
            new NodeDescription("n", null, [Ports.NodeRole.Trainer], [new(1, 2)], "0.1", "m"),
        ];
        return all.Single(one => one.GetType() == message);
    }

    private object RoundTrip(object message)
    {
        var serializer = (ClusterSerializer)Sys.Serialization.FindSerializerFor(message);
        return Read(serializer.ToBinary(message), serializer.Manifest(message));
    }

    private object Read(byte[] bytes, string manifest) =>
        Sys.Serialization.Deserialize(
            bytes,
            Sys.Serialization.FindSerializerForType(typeof(Wake)).Identifier,
            manifest
        );

    private static string Sources([CallerFilePath] string test = "") =>
        Path.Combine(Path.GetDirectoryName(test)!, "../../../src/CourseRec.Actors");

    [GeneratedRegex(@"^[a-z][a-z ]* record (?:struct )?(\w+)", RegexOptions.Multiline)]
    private static partial Regex Declared();
}
