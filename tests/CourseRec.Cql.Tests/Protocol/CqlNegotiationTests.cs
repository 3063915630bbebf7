using System.Text;
using CourseRec.Cql;
using CourseRec.Cql.Errors;
using CourseRec.Cql.Protocol;

namespace CourseRec.Cql.Tests.Protocol;

/// <summary>Versions, authentication, contact points.</summary>
public sealed class CqlNegotiationTests
{
    private const string Insert = "INSERT INTO t (k, v) VALUES (?, ?)";

    [Theory]
    [InlineData(3)]
    [InlineData(4)]
    public async Task The_newest_version_that_the_server_has_is_spoken(int version)
    {
        await using var server = new ScriptedServer { Version = version };
        await using var cluster = await ConnectAsync(server);
        Assert.Equal(version, cluster.Version);
        Assert.Equal(("4.1.0", "dc1"), (cluster.Release, cluster.DataCentre));
    }

    [Fact]
    public async Task A_version_that_was_asked_for_is_not_lowered()
    {
        await using var server = new ScriptedServer { Version = 3 };
        var error = await Assert.ThrowsAnyAsync<CqlException>(() =>
            Cluster.ConnectAsync(Options(server) with { ProtocolVersion = 4 })
        );
        Assert.Contains("protocol 3", error.Message);
    }

    [Fact]
    public async Task A_statement_of_protocol_4_knows_its_routing_key_and_one_of_3_is_told()
    {
        await using var four = new ScriptedServer();
        await using var three = new ScriptedServer { Version = 3 };
        await using var newer = await ConnectAsync(four);
        await using var older = await ConnectAsync(three);
        var token = (await newer.PrepareAsync(Insert)).Bind().Text("key").Text("v").Token;
        Assert.NotNull(token);
        Assert.Null((await older.PrepareAsync(Insert)).Bind().Text("key").Text("v").Token);
        Assert.Equal(token, (await older.PrepareAsync(Insert + " ", [0])).Bind().Text("key").Text("v").Token);
    }

    [Fact]
    public async Task Unset_is_sent_with_protocol_4_and_refused_by_name_with_3()
    {
        await using var four = new ScriptedServer();
        await using var three = new ScriptedServer { Version = 3 };
        await using var newer = await ConnectAsync(four);
        await using var older = await ConnectAsync(three);
        await newer.ExecuteAsync((await newer.PrepareAsync(Insert)).Bind().Text("k").Unset());
        Assert.EndsWith("000000016BFFFFFFFE000003E8", Convert.ToHexString(Assert.Single(four.Executed).Body));
        var statement = await older.PrepareAsync(Insert);
        Assert.Contains(
            "protocol 4",
            Assert.Throws<NotSupportedException>(() => statement.Bind().Text("k").Unset()).Message
        );
    }

    [Fact]
    public async Task User_and_password_are_sent_by_plain_sasl_and_a_refusal_is_told()
    {
        await using var server = new ScriptedServer { OnAsked = Authenticate };
        var good = Options(server) with { Credentials = new("reader", "s3cret") };
        await using (var cluster = await Cluster.ConnectAsync(good))
            Assert.Equal(4, cluster.Version);
        var wrong = await Assert.ThrowsAsync<CqlNoHostException>(() =>
            Cluster.ConnectAsync(good with { Credentials = new("reader", "other") })
        );
        Assert.Contains("Username and/or password are incorrect", wrong.Message);
        var none = await Assert.ThrowsAsync<CqlNoHostException>(() => Cluster.ConnectAsync(Options(server)));
        Assert.Contains("asks for user and password (org.apache.cassandra.auth.PasswordAuthenticator)", none.Message);
    }

    [Fact]
    public async Task The_first_contact_point_that_answers_is_used_and_all_are_named_when_none_does()
    {
        await using var server = new ScriptedServer();
        await using var away = new ScriptedServer();
        away.Stop();
        var options = Options(server) with
        {
            ContactPoints =
            [
                "no-such-host.invalid",
                $"127.0.0.1:{away.EndPoint.Port}",
                $"127.0.0.1:{server.EndPoint.Port}",
            ],
        };
        await using (var cluster = await Cluster.ConnectAsync(options))
            Assert.Equal("dc1", cluster.DataCentre);
        server.Stop();
        var error = await Assert.ThrowsAsync<CqlNoHostException>(() => Cluster.ConnectAsync(options));
        foreach (var point in new[] { "no-such-host.invalid", $":{away.EndPoint.Port}", $":{server.EndPoint.Port}" })
            Assert.Contains(point, error.Message);
    }

    [Fact]
    public async Task A_server_that_accepts_and_says_nothing_is_given_up_in_time()
    {
        await using var server = new ScriptedServer { OnAsked = _ => Answer.Silence };
        var options = Options(server) with { ConnectTimeout = TimeSpan.FromMilliseconds(300) };
        var error = await Assert.ThrowsAsync<CqlNoHostException>(() => Cluster.ConnectAsync(options));
        Assert.Contains("0.3 s", error.Message);
    }

    [Fact]
    public async Task Another_data_centre_than_there_is_is_refused_by_name()
    {
        await using var server = new ScriptedServer();
        var error = await Assert.ThrowsAsync<CqlNoHostException>(() =>
            Cluster.ConnectAsync(Options(server) with { DataCentre = "mars" })
        );
        Assert.Contains("'mars'; there are dc1", error.Message);
    }

    private static CqlOptions Options(ScriptedServer server) => Cluster.Options("127.0.0.1", server.EndPoint.Port);

    private static Task<CqlCluster> ConnectAsync(ScriptedServer server) => Cluster.ConnectAsync(Options(server));

    private static Answer? Authenticate(Asked asked) =>
        asked.Opcode switch
        {
            Opcode.Startup => Answer.Of(
                Opcode.Authenticate,
                body => body.String("org.apache.cassandra.auth.PasswordAuthenticator")
            ),
            Opcode.AuthResponse when Encoding.UTF8.GetString(asked.Body.AsSpan(4)) == "\0reader\0s3cret" => Answer.Of(
                Opcode.AuthSuccess,
                body => body.Int(-1)
            ),
            Opcode.AuthResponse => Answer.Error(0x0100, "Username and/or password are incorrect"),
            _ => null,
        };
}
