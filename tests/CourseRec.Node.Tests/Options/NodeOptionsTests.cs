using CourseRec.Actors.Partitions;
using CourseRec.Models.Interactions;
using CourseRec.Node.Options;
using Microsoft.Extensions.Configuration;

namespace CourseRec.Node.Tests.Options;

public sealed class NodeOptionsTests
{
    [Fact]
    public void Without_settings_there_are_working_defaults()
    {
        var options = Read();
        Assert.Equal("http://127.0.0.1:5080", options.Urls);
        Assert.Equal("./data", options.DataDir);
        Assert.Equal(4, options.Log.Partitions);
        Assert.False(options.Simulation.Enabled);
        Assert.Equal(new TrainingOptions(), options.Training);
        Assert.True(options.Training.Enabled);
        Assert.Equal(new CourseRec.Actors.Sessions.FoldRules().ToJson(), options.Sessions.Rules.ToJson());
    }

    [Theory]
    [InlineData("Log:Partitions", "0", "CourseRec:Log:Partitions is '0'; allowed: a whole number from 1 to 1024.")]
    [InlineData(
        "Log:Partitions",
        "four",
        "CourseRec:Log:Partitions is 'four'; allowed: a whole number from 1 to 1024."
    )]
    [InlineData("Simulation:Enabled", "yes", "CourseRec:Simulation:Enabled is 'yes'; allowed: true or false.")]
    [InlineData(
        "Recommend:JudgedShare",
        "1.5",
        "CourseRec:Recommend:JudgedShare is '1.5'; allowed: a number from 0 to 1."
    )]
    [InlineData(
        "Recommend:JudgedShare",
        "NaN",
        "CourseRec:Recommend:JudgedShare is 'NaN'; allowed: a number from 0 to 1."
    )]
    [InlineData("Training:Enabled", "no", "CourseRec:Training:Enabled is 'no'; allowed: true or false.")]
    [InlineData("Training:Model", "", "CourseRec:Training:Model is ''; allowed: text that is not empty.")]
    [InlineData("Training:Device", "gpu", "CourseRec:Training:Device is 'gpu'; allowed: auto, cpu or cuda:N.")]
    [InlineData(
        "Cassandra:Consistency",
        "One",
        "CourseRec:Cassandra: Consistency is One; it must be LocalQuorum or Quorum: below a quorum, a read can "
            + "miss what a write acknowledged."
    )]
    [InlineData(
        "Cassandra:Keyspace",
        "Course-Rec",
        "CourseRec:Cassandra: Keyspace is 'Course-Rec'; it must be a small letter, then small letters, digits and "
            + "underscores, 48 at most."
    )]
    [InlineData(
        "Cassandra:Replication",
        "three",
        "CourseRec:Cassandra:Replication is 'three'; allowed: a data centre and its replicas, as dc1:3 or "
            + "dc1:3,dc2:3; or just the replicas, as 1, for trying out."
    )]
    [InlineData(
        "Cassandra:Hosts",
        "a",
        "CourseRec:Cassandra:Hosts is not an option; known here: Consistency, ContactPoints, InteractionsKeptFor, "
            + "Keyspace, LocalDatacenter, Password, Replication, RequestTimeout, SessionsAtOnce, Tls, "
            + "TlsAuthority, TlsClient, TlsServerName, User."
    )]
    [InlineData("Training:Share", "2", "CourseRec:Training:Share is '2'; allowed: a number from 0.01 to 1.")]
    [InlineData(
        "Training:PublishEvery",
        "0s",
        "CourseRec:Training:PublishEvery is '0s'; allowed: a duration from 100ms to 3600s, as in 500ms, 30s, 7d or "
            + "00:00:30."
    )]
    [InlineData(
        "Training:CheckpointEvery",
        "2h",
        "CourseRec:Training:CheckpointEvery is '2h'; allowed: a duration from 1s to 3600s, as in 500ms, 30s, 7d or "
            + "00:00:30."
    )]
    [InlineData(
        "Training:FreezeEvery",
        "-1s",
        "CourseRec:Training:FreezeEvery is '-1s'; allowed: a duration from 0ms to 3650d, as in 500ms, 30s, 7d or "
            + "00:00:30."
    )]
    [InlineData("Training:HeldOut", "0.9", "CourseRec:Training:HeldOut is '0.9'; allowed: a number from 0 to 0.5.")]
    [InlineData(
        "Training:Modell",
        "m.crm",
        "CourseRec:Training:Modell is not an option; known here: CheckpointEvery, Device, Enabled, FreezeEvery, "
            + "HeldOut, Model, PublishEvery, Share."
    )]
    [InlineData("DataDir", " ", "CourseRec:DataDir is ' '; allowed: text that is not empty.")]
    [InlineData(
        "Sessions:FlushInterval",
        "fast",
        "CourseRec:Sessions:FlushInterval is 'fast'; allowed: a duration from 1ms to 60s, as in 500ms, 30s, 7d or "
            + "00:00:30."
    )]
    [InlineData(
        "Sessions:Taking",
        "enroll,jump",
        "CourseRec:Sessions:Taking is 'jump'; allowed: a list of view, click, enroll, progress, complete, rate, "
            + "dismiss."
    )]
    [InlineData(
        "Log:Partition",
        "4",
        "CourseRec:Log:Partition is not an option; known here: Partitions, RetainBytes, RetainFor."
    )]
    [InlineData(
        "Urls",
        "http://0.0.0.0:5080",
        "CourseRec:Urls is 'http://0.0.0.0:5080'; allowed without authentication: loopback addresses only "
            + "(127.0.0.1, [::1], localhost), unless the network is closed to others (Cluster:TrustNetwork=true)."
    )]
    [InlineData(
        "Urls",
        "https://localhost",
        "CourseRec:Urls is 'https://localhost'; allowed: http://HOST:PORT, several separated by ';'."
    )]
    public void A_bad_option_is_refused_with_name_value_and_what_is_allowed(string name, string value, string message)
    {
        Assert.Equal(message, Assert.Throws<OptionsException>(() => Read((name, value))).Message);
    }

    [Fact]
    public void Units_and_lists_are_read()
    {
        var options = Read(
            ("Log:RetainFor", "36h"),
            ("Log:RetainBytes", "1.5GiB"),
            ("Sessions:FlushInterval", "250ms"),
            ("Sessions:Rewind", "00:02:00"),
            ("Sessions:Positive", "enroll, Complete"),
            ("Sessions:Taking:0", "dismiss"),
            ("Training:Model", "models/spring.crm"),
            ("Training:Device", "cuda:1"),
            ("Training:PublishEvery", "5s"),
            ("Urls", "http://localhost:1;http://[::1]:2")
        );
        Assert.Equal("models/spring.crm", options.Training.Model);
        Assert.Equal("cuda:1", options.Training.Device);
        Assert.Equal(TimeSpan.FromSeconds(5), options.Training.PublishEvery);
        Assert.Equal(TimeSpan.FromHours(36), options.Log.RetainFor);
        Assert.Equal(1_610_612_736, options.Log.RetainBytes);
        Assert.Equal(TimeSpan.FromMilliseconds(250), options.Sessions.FlushInterval);
        Assert.Equal(TimeSpan.FromMinutes(2), options.Sessions.Rewind);
        Assert.Equal([InteractionType.Enroll, InteractionType.Complete], options.Sessions.Rules.Positive);
        Assert.Equal([InteractionType.Dismiss], options.Sessions.Rules.Taking);
    }

    [Fact]
    public void Of_a_flag_that_is_given_twice_the_last_counts() =>
        Assert.Equal(
            8,
            NodeOptionsReader.Load([new("Log:Partitions", "2"), new("log:partitions", "8")]).Log.Partitions
        );

    [Fact]
    public void Every_option_of_sessions_and_recommender_reaches_the_session_host()
    {
        var options = Read(
            ("Sessions:HistoryLength", "7"),
            ("Sessions:MinimumRating", "2.5"),
            ("Sessions:TakenLimit", "70"),
            ("Sessions:MaxResident", "8"),
            ("Sessions:MailboxRecords", "9"),
            ("Sessions:MaxActive", "20"),
            ("Sessions:FlushInterval", "10ms"),
            ("Sessions:MaxUnstored", "11"),
            ("Sessions:Rewind", "12s"),
            ("Recommend:PopularityHalfLife", "13h"),
            ("Recommend:TransitionHalfLife", "14d"),
            ("Recommend:SuccessorsPerCourse", "15"),
            ("Recommend:JudgedShare", "0.16"),
            ("Recommend:JudgeWindow", "17"),
            ("Recommend:PublishInterval", "18s"),
            ("Recommend:CountersInterval", "19s"),
            ("Cluster:NodeId", "n20"),
            ("Cluster:WaitForOwner", "21s")
        );
        var host = options.Sessions.HostOptions(options);
        Assert.Equal((7, 2.5, 70), (host.Rules.HistoryLength, host.Rules.MinimumRating, host.Rules.TakenLimit));
        Assert.Equal(
            new SessionHostOptions
            {
                Placement = Placement.Sharded,
                Node = "n20",
                WaitForOwner = TimeSpan.FromSeconds(21),
                Rules = host.Rules,
                Baselines = new()
                {
                    PopularityHalfLife = TimeSpan.FromHours(13),
                    TransitionHalfLife = TimeSpan.FromDays(14),
                    SuccessorsPerCourse = 15,
                },
                MaxResidentSessions = 8,
                MailboxRecords = 9,
                MaxActiveUsers = 20,
                FlushInterval = TimeSpan.FromMilliseconds(10),
                MaxUnstoredRecords = 11,
                Rewind = TimeSpan.FromSeconds(12),
                JudgedShare = 0.16,
                JudgeWindow = 17,
                PublishInterval = TimeSpan.FromSeconds(18),
                CountersInterval = TimeSpan.FromSeconds(19),
            },
            host
        );
        var untold = Read();
        Assert.Equal(new SessionHostOptions().Rules.ToJson(), untold.Sessions.Rules.ToJson());
        Assert.Equal(
            new SessionHostOptions
            {
                Placement = Placement.Sharded,
                Node = untold.Cluster.Name,
                Rules = host.Rules,
            },
            untold.Sessions.HostOptions(untold) with
            {
                Rules = host.Rules,
            }
        );
    }

    [Theory]
    [InlineData("session", Placement.Sharded)]
    [InlineData("session,trainer", Placement.Sharded)]
    [InlineData("gateway", Placement.Elsewhere)]
    [InlineData("trainer", Placement.Learning)]
    public void Partitions_run_where_the_role_session_is_and_a_trainer_apart_listens(string roles, Placement placement)
    {
        var options = Read(
            ("Kafka:BootstrapServers", "a:9092"),
            ("Cassandra:ContactPoints", "a"),
            ("Cluster:Roles", roles)
        );
        Assert.Equal(placement, options.Sessions.HostOptions(options).Placement);
    }

    [Fact]
    public void A_value_where_a_section_belongs_and_a_section_where_a_value_belongs_are_refused()
    {
        Assert.Equal(
            "CourseRec:Log is '4'; allowed: a section of Partitions, RetainBytes, RetainFor.",
            Assert.Throws<OptionsException>(() => Read(("Log", "4"))).Message
        );
        Assert.Equal(
            "CourseRec:Log:Partitions is 'a section'; allowed: a whole number from 1 to 1024.",
            Assert.Throws<OptionsException>(() => Read(("Log:Partitions:0", "4"))).Message
        );
    }

    [Fact]
    public void Settings_of_the_Kafka_client_are_passed_by_their_own_names()
    {
        var options = Read(
            ("Kafka:BootstrapServers", "a:9092,b:9092"),
            ("Kafka:RecommendationsTopic", "recommendations"),
            ("Kafka:Client:security.protocol", "SASL_SSL"),
            ("Kafka:Client:sasl.username", "ada")
        );
        Assert.Equal("a:9092,b:9092", options.Kafka.BootstrapServers);
        Assert.Equal("interactions", options.Kafka.Topic);
        Assert.Equal("recommendations", options.Kafka.RecommendationsTopic);
        Assert.Equal(
            new Dictionary<string, string> { ["security.protocol"] = "SASL_SSL", ["sasl.username"] = "ada" },
            options.Kafka.Client
        );
    }

    private static NodeOptions Read(params (string Name, string Value)[] settings) =>
        NodeOptionsReader.Read(
            new ConfigurationBuilder()
                .AddInMemoryCollection(
                    settings.Select(s => KeyValuePair.Create($"CourseRec:{s.Name}", (string?)s.Value))
                )
                .Build()
        );
}
