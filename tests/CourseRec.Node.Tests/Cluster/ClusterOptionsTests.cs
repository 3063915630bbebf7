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
    public void A_node_has_every_role_and_sends_clients_on_to_loopback_addresses_by_default()
    {
        var cluster = Read(Shared).Cluster;

        Assert.All([NodeRole.Session, NodeRole.Gateway, NodeRole.Trainer], role => Assert.True(cluster.Has(role)));
        Assert.Equal(ClusterRouting.Redirect, cluster.Routing);
        Assert.True(cluster.Allows(new Uri("http://127.0.0.1:5081")));
        Assert.True(cluster.Allows(new Uri("http://localhost:5081")));
        Assert.False(cluster.Allows(new Uri("http://10.0.0.1:5081")));
    }

    [Fact]
    public void Named_addresses_alone_are_allowed()
    {
        var cluster = Read([.. Shared, ("Cluster:AllowedUrls", "http://a.example:5080, https://b.example")]).Cluster;

        Assert.True(cluster.Allows(new Uri("http://a.example:5080/")));
        Assert.True(cluster.Allows(new Uri("https://b.example")));
        Assert.False(cluster.Allows(new Uri("http://b.example")));
        Assert.False(cluster.Allows(new Uri("http://127.0.0.1:5080")));
    }

    [Theory]
    [InlineData("Advertise", "10.0.0.1:5080")]
    [InlineData("Advertise", "http://10.0.0.1:5080/path")]
    [InlineData("AllowedUrls", "http://a.example,b.example")]
    [InlineData("Roles", "session,king")]
    [InlineData("Routing", "bounce")]
    [InlineData("NodeId", "a b")]
    public void A_value_that_is_not_allowed_is_named_with_what_is(string option, string value)
    {
        var refused = Assert.Throws<OptionsException>(() => Read([.. Shared, ($"Cluster:{option}", value)]));

        Assert.Contains($"CourseRec:Cluster:{option} is '", refused.Message);
        Assert.Contains("allowed: ", refused.Message);
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
