using System.CommandLine;
using CourseRec.Node.Options;
using CourseRec.Persistence.Cassandra.Schema;
using Microsoft.Extensions.Logging.Abstractions;

namespace CourseRec.Cli;

/// <summary><c>courserec migrate</c>: makes Cassandra's tables. Nodes only look whether they are there.</summary>
internal static class MigrateCommand
{
    /// <summary>The verb.</summary>
    public static Command Create()
    {
        var cassandra = CassandraOption.Create();
        var replication = new Option<string?>("--replication")
        {
            Description =
                $"Replicas of a new keyspace: {Replication.Allowed}. Left out: as many as the data centre has "
                + "nodes, up to three.",
            HelpName = "dc:n[,dc:n]",
        };
        var command = new Command(
            "migrate",
            "Makes the keyspace and the tables in Cassandra, or brings them up to this program's version. Doing it "
                + "again changes nothing. Keyspace, user and TLS come from the configuration, as a node's "
                + "(CourseRec:Cassandra)."
        )
        {
            cassandra,
            replication,
        };
        command.SetAction(
            async (parsed, cancel) =>
            {
                var flags = CassandraOption.FlagsOf(parsed, cassandra).ToList();
                if (parsed.GetValue(replication) is { } replicas)
                    flags.Add(new("Cassandra:Replication", replicas));
                var options = NodeOptionsReader.Load(flags).Cassandra;
                if (options.ContactPoints is null)
                    throw new CliException("migrate needs a node of the cluster: --cassandra host[,host].");
                var report = await CassandraMigrator.MigrateAsync(
                    options.StoreOptions,
                    options.Replicas,
                    TimeProvider.System,
                    NullLogger.Instance,
                    cancel
                );
                Console.WriteLine(Describe(report));
            }
        );
        return command;
    }

    private static string Describe(MigrationReport report)
    {
        var done =
            report.From == report.To ? $"is at schema version {report.To} already"
            : report.From == 0 ? $"was made, at schema version {report.To}"
            : $"went from schema version {report.From} to {report.To}";
        return $"Keyspace {report.Keyspace} {done}; replicas in {report.DataCentre}: {report.Replicas}.";
    }
}
