namespace CourseRec.SystemTests.Harness;

/// <summary>A real Cassandra of a test's own with the tables in it, ready for a node.</summary>
internal static class MigratedCassandra
{
    public static async Task<CassandraServer> StartAsync()
    {
        var server = await CassandraServer.StartAsync();
        var made = await Courserec.RunAsync("migrate", "--cassandra", server.Address);
        Assert.True(made.ExitCode == 0, made.Error);
        return server;
    }
}
