using CourseRec.Actors.Hosting;
using CourseRec.Actors.Ports;
using CourseRec.Node.Options;
using Microsoft.Extensions.Configuration;

namespace CourseRec.Node.Tests.Cluster;

public sealed class ClusterOptionsTests
{
    private static readonly (string, string)[] Shared =
    [
        ("Kafka:BootstrapServers", "127.0.0.1:9092"),
        ("Cassandra:ContactPoints", "127.0.0.1"),
    ];

    [Fact]
    public void A_node_has_every_role_and_is_a_cluster_of_one_on_loopback_by_default()
    {
        var cluster = Read().Cluster;

        Assert.All(Enum.GetValues<NodeRole>(), role => Assert.True(cluster.Has(role)));
        Assert.Empty(cluster.Seeds);
        Assert.Equal("127.0.0.1:0", cluster.Address);
        Assert.False(cluster.TrustNetwork);
        Assert.Equal(SplitBrainStrategy.Majority, cluster.SplitBrain);
        Assert.Equal(new ClusterTimings().HeartbeatPause, cluster.HeartbeatPause);
        Assert.Equal(new ClusterTimings().StableAfter, cluster.StableAfter);
    }

    [Fact]
    public void Nodes_without_a_name_are_told_apart() =>
        Assert.NotEqual(new ClusterOptions().Name, new ClusterOptions().Name);

    [Fact]
    public void Seeds_address_and_patience_are_read()
    {
        var cluster = Read(
            ("Cluster:Seeds", "127.0.0.1:4053, node-0.nodes:4054"),
            ("Cluster:Address", "127.0.0.1:4054"),
            ("Cluster:HeartbeatPause", "5s"),
            ("Cluster:StableAfter", "3s"),
            ("Cluster:NodeId", "n2")
        ).Cluster;

        Assert.Equal(["127.0.0.1:4053", "node-0.nodes:4054"], cluster.Seeds);
        Assert.Equal("127.0.0.1:4054", cluster.Address);
        Assert.Equal((TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(3)), (cluster.HeartbeatPause, cluster.StableAfter));
        Assert.Equal("n2", cluster.Name);
    }

    [Theory]
    [InlineData("Advertise", "10.0.0.1:5080")]
    [InlineData("Advertise", "http://10.0.0.1:5080/path")]
    [InlineData("Seeds", "127.0.0.1:4053,127.0.0.1")]
    [InlineData("Address", "http://127.0.0.1:4053")]
    [InlineData("Bind", "4053")]
    [InlineData("Roles", "session,king")]
    [InlineData("SplitBrain", "both")]
    [InlineData("HeartbeatPause", "100ms")]
    [InlineData("StableAfter", "2m")]
    [InlineData("NodeId", "a b")]
    public void A_value_that_is_not_allowed_is_named_with_what_is(string option, string value)
    {
        var refused = Assert.Throws<OptionsException>(() => Read([.. Shared, ($"Cluster:{option}", value)]));

        Assert.Contains($"CourseRec:Cluster:{option} is '", refused.Message);
        Assert.Contains("allowed: ", refused.Message);
    }

    [Theory]
    [InlineData("Cluster:Address", "10.0.0.1:4053")]
    [InlineData("Cluster:Address", "node-0.nodes:4053")]
    [InlineData("Cluster:Bind", "0.0.0.0:4053")]
    [InlineData("Urls", "http://0.0.0.0:5080")]
    public void Other_addresses_than_loopback_need_a_network_that_is_closed_to_others(string option, string value)
    {
        var refused = Assert.Throws<OptionsException>(() => Read((option, value)));
        Assert.Contains($"CourseRec:{option} is '{value}'", refused.Message);
        Assert.Contains("unless the network is closed to others (Cluster:TrustNetwork=true)", refused.Message);

        Read((option, value), ("Cluster:TrustNetwork", "true"));
    }

    [Fact]
    public void A_node_that_shares_log_and_store_is_refused_without_seeds()
    {
        var refused = Assert.Throws<OptionsException>(() => NodeOptionsReader.CheckToRun(Read(Shared)));
        Assert.StartsWith("CourseRec:Cluster:Seeds is empty; needed with Kafka and Cassandra", refused.Message);

        NodeOptionsReader.CheckToRun(Read([.. Shared, ("Cluster:Seeds", "127.0.0.1:4053")]));
        NodeOptionsReader.CheckToRun(Read());
    }

    [Fact]
    public void A_lease_is_refused_where_there_is_no_cassandra_to_have_it()
    {
        var refused = Assert.Throws<OptionsException>(() =>
            NodeOptionsReader.CheckToRun(Read(("Cluster:SplitBrain", "lease")))
        );
        Assert.Contains("CourseRec:Cluster:SplitBrain is 'lease'", refused.Message);
    }

    [Fact]
    public void Roles_can_be_left_to_others_only_where_there_can_be_others()
    {
        var refused = Assert.Throws<OptionsException>(() => Read([("Cluster:Roles", "gateway")]));
        Assert.Contains("CourseRec:Cluster:Roles is 'gateway'", refused.Message);

        Assert.Equal([NodeRole.Gateway], Read([.. Shared, ("Cluster:Roles", "gateway")]).Cluster.Roles);
    }

    [Fact]
    public void A_node_without_the_trainer_role_does_not_train() =>
        Assert.False(Read([("Cluster:Roles", "session,gateway")]).Training.Enabled);

    [Theory]
    [InlineData("session,gateway,trainer", false, false)]
    [InlineData("session", false, true)]
    [InlineData("trainer", true, false)]
    [InlineData("gateway,trainer", true, false)]
    [InlineData("gateway", false, false)]
    public void Who_serves_without_training_follows_and_who_trains_without_serving_only_trains(
        string roles,
        bool onlyTrains,
        bool follows
    )
    {
        var options = Read([.. Shared, ("Cluster:Roles", roles)]);

        Assert.Equal((onlyTrains, follows), (options.OnlyTrains, options.FollowsModel));
    }

    [Fact]
    public void A_node_that_is_alone_follows_nobody() =>
        Assert.False(Read([("Cluster:Roles", "session,gateway")]).FollowsModel);

    private static NodeOptions Read(params (string Name, string Value)[] options) =>
        NodeOptionsReader.Read(
            new ConfigurationBuilder()
                .AddInMemoryCollection(
                    options.Select(o => KeyValuePair.Create($"CourseRec:{o.Name}", (string?)o.Value))
                )
                .Build()
        );
}
