using System.Runtime.Serialization;
using System.Text;
using Akka.Actor;
using Akka.Configuration;
using Akka.TestKit.Xunit2;
using CourseRec.Actors.Hosting;
using CourseRec.Actors.Partitions;
using CourseRec.Actors.Serialization;
using CourseRec.Actors.Tests.Hosting;

namespace CourseRec.Actors.Tests.Serialization;

public sealed class ClusterSerializerTests() : TestKit(WireConfig.Config.WithFallback(TestConfig.Patient))
{
    private const int Newtonsoft = 1;
    private const int Hyperion = -5;

    /// <summary>A second version of a message, as a newer program has it.</summary>
    internal static readonly WireForm Newer = new(
        typeof(GetSession),
        "get-session/2",
        2,
        message => Encoding.UTF8.GetBytes($"2{((GetSession)message).User}"),
        (bytes, _) => new GetSession(Encoding.UTF8.GetString(bytes[1..]))
    );

    private ExtendedActorSystem System => (ExtendedActorSystem)Sys;

    [Fact]
    public void A_newer_program_writes_the_older_form_until_it_is_told_otherwise()
    {
        Assert.Equal("get-session/1", NewerProgram(wireVersion: 1).Manifest(new GetSession("u")));
        Assert.Equal("get-session/2", NewerProgram(wireVersion: 2).Manifest(new GetSession("u")));
    }

    [Fact]
    public void Two_versions_of_the_program_read_each_other()
    {
        var (older, newer) = (new ClusterSerializer(System, WireForms.All, 1), NewerProgram(wireVersion: 1));
        Assert.Equal(new GetSession("u"), Crossed(older, newer));
        Assert.Equal(new GetSession("u"), Crossed(newer, older));
    }

    [Fact]
    public void A_newer_program_reads_both_forms_whichever_it_writes()
    {
        var (before, after) = (NewerProgram(wireVersion: 1), NewerProgram(wireVersion: 2));
        Assert.Equal(new GetSession("u"), Crossed(before, after));
        Assert.Equal(new GetSession("u"), Crossed(after, before));
        Assert.Equal(new GetSession("u"), Crossed(after, after));
    }

    [Fact]
    public void A_message_without_a_second_form_crosses_in_the_first() =>
        Assert.Equal("wake/1", NewerProgram(wireVersion: 2).Manifest(new Wake(1)));

    [Fact]
    public void A_message_that_the_wire_version_does_not_have_is_refused()
    {
        var only = new ClusterSerializer(System, [Newer], 1);
        var error = Assert.Throws<SerializationException>(() => only.ToBinary(new GetSession("u")));
        Assert.Equal(
            "CourseRec.Actors.Partitions.GetSession does not cross nodes in this wire version.",
            error.Message
        );
    }

    [Fact]
    public async Task An_unknown_message_is_named_and_warned_of_once()
    {
        var older = new ClusterSerializer(System, WireForms.All, 1);
        await EventFilter
            .Warning(contains: "get-session/2")
            .ExpectAsync(
                1,
                () =>
                {
                    for (var i = 0; i < 3; i++)
                        Assert.Equal(new Unsupported("get-session/2"), older.FromBinary([1], "get-session/2"));
                    return Task.CompletedTask;
                }
            );
    }

    [Fact]
    public async Task The_hosts_setting_decides_what_is_written()
    {
        using var early = ActorSystem.Create(
            "early",
            ConfigurationFactory.ParseString($"{WireConfig.WireVersion} = 0").WithFallback(WireConfig.Config)
        );
        Assert.Throws<SerializationException>(() => early.Serialization.Serialize(new Wake(1)));
        var bytes = Sys.Serialization.Serialize(new Wake(1));
        Assert.Equal(new Wake(1), early.Serialization.Deserialize(bytes, Identifier(), "wake/1"));
        await early.Terminate();
    }

    [Fact]
    public void What_is_not_listed_is_refused()
    {
        foreach (var message in new object[] { Drain.It, new Unsupported("x"), new { A = 1 }, new List<int>() })
            Assert.Throws<SerializationException>(() => Sys.Serialization.Serialize(message));
    }

    [Fact]
    public void Exceptions_are_refused() =>
        Assert.Throws<SerializationException>(() =>
            Sys.Serialization.Serialize(new Status.Failure(new InvalidOperationException("no")))
        );

    [Fact]
    public void Actors_are_not_made_on_another_node() =>
        Assert.IsType<RefusingSerializer>(
            Sys.Serialization.FindSerializerForType(Type.GetType("Akka.Remote.DaemonMsgCreate, Akka.Remote", true))
        );

    [Fact]
    public void What_came_by_a_serializer_that_makes_any_type_is_refused()
    {
        var json = Encoding.UTF8.GetBytes("""{"$type":"System.IO.FileInfo, System.Private.CoreLib"}""");
        foreach (var manifest in new[] { "System.Object", "No.Such, Type", "" })
        {
            Assert.Throws<SerializationException>(() => Sys.Serialization.Deserialize(json, Newtonsoft, manifest));
            Assert.Throws<SerializationException>(() => Sys.Serialization.Deserialize(json, Hyperion, manifest));
        }
        Assert.Throws<SerializationException>(() => Sys.Serialization.Deserialize(json, Newtonsoft, typeof(object)));
    }

    private int Identifier() => Sys.Serialization.FindSerializerForType(typeof(Wake)).Identifier;

    private ClusterSerializer NewerProgram(int wireVersion) => new(System, [.. WireForms.All, Newer], wireVersion);

    private static object Crossed(ClusterSerializer from, ClusterSerializer to)
    {
        var message = new GetSession("u");
        return to.FromBinary(from.ToBinary(message), from.Manifest(message));
    }
}
