namespace CourseRec.Persistence.Tests.Cassandra;

public sealed class CassandraServerTests
{
    [Fact]
    public async Task A_server_is_stopped_killed_and_started_again_on_its_port()
    {
        await using var server = await CassandraServer.StartAsync();
        var port = server.Port;
        await server.StopAsync();
        await server.StartAgainAsync();
        server.Kill();
        await server.StartAgainAsync();
        Assert.Equal(port, server.Port);
    }
}
