using System.CommandLine;
using CourseRec.Node.Hosting;
using CourseRec.Node.Options;

namespace CourseRec.Cli;

/// <summary><c>courserec node</c>: runs a node until it is told to stop.</summary>
internal static class NodeCommand
{
    /// <summary>The verb's name.</summary>
    public const string Name = "node";

    /// <summary>The verb.</summary>
    public static Command Create()
    {
        var urls = new Option<string?>("--urls")
        {
            Description = "Where to listen, separated by ';'. Default http://127.0.0.1:5080.",
            HelpName = "urls",
        };
        var dataDir = new Option<string?>("--data-dir")
        {
            Description = "The folder of the log and the sessions; made when missing. Default ./data.",
            HelpName = "folder",
        };
        var model = new Option<string?>("--model")
        {
            Description =
                "A file that 'courserec train' wrote, to go on learning from. Used while the data folder has no "
                + "model of its own.",
            HelpName = "file",
        };
        var cassandra = CassandraOption.Create();
        var advertise = new Option<string?>("--advertise")
        {
            Description =
                "Where clients and other nodes reach this one, as http://10.0.0.5:5080. Default: where it listens.",
            HelpName = "url",
        };
        var seeds = new Option<string?>("--seeds")
        {
            Description =
                "Nodes to ask at the start; the first of them may begin the cluster. Needed with Kafka and Cassandra.",
            HelpName = "host:port[,host:port]",
        };
        var address = new Option<string?>("--cluster-address")
        {
            Description =
                "Where this node listens for the other nodes, and is reached by them. Default 127.0.0.1:0, where the "
                + "system chooses the port.",
            HelpName = "host:port",
        };
        var roles = new Option<string?>("--roles")
        {
            Description =
                "What this node does among those that share its Kafka and Cassandra: session, gateway, trainer. "
                + "Default: all.",
            HelpName = "role[,role]",
        };
        var noTraining = new Option<bool>("--no-training") { Description = "Serve without learning a model." };
        var simulation = new Option<bool>("--simulation")
        {
            Description = "Simulate learners on a generated catalogue.",
        };
        var noSimulation = new Option<bool>("--no-simulation") { Description = "Don't, whatever is configured." };
        var kafka = CliOptions.Kafka();
        var set = CliOptions.Set();
        var command = new Command(
            Name,
            "Runs a node: HTTP, push, the page. Options also come from appsettings.json (section CourseRec) and "
                + "the environment (CourseRec__Log__Partitions=8); flags win."
        )
        {
            urls,
            dataDir,
            model,
            cassandra,
            advertise,
            seeds,
            address,
            roles,
            noTraining,
            simulation,
            noSimulation,
            kafka,
            set,
        };
        command.SetAction(
            (parsed, cancel) =>
            {
                var flags = CliOptions.FlagsOf(parsed, kafka, set);
                Add(flags, "Urls", parsed.GetValue(urls));
                Add(flags, "DataDir", parsed.GetValue(dataDir));
                flags.AddRange(CassandraOption.FlagsOf(parsed, cassandra));
                Add(flags, "Cluster:Advertise", parsed.GetValue(advertise));
                Add(flags, "Cluster:Seeds", parsed.GetValue(seeds));
                Add(flags, "Cluster:Address", parsed.GetValue(address));
                Add(flags, "Cluster:Roles", parsed.GetValue(roles));
                Add(flags, "Training:Model", parsed.GetValue(model));
                Add(flags, "Training:Enabled", parsed.GetValue(noTraining) ? "false" : null);
                if (parsed.GetValue(simulation) || parsed.GetValue(noSimulation))
                    Add(flags, "Simulation:Enabled", parsed.GetValue(noSimulation) ? "false" : "true");
                return Node.Program.RunAsync(NodeOptionsReader.Load(flags), cancel);
            }
        );
        return command;
    }

    private static void Add(List<KeyValuePair<string, string?>> flags, string name, string? value)
    {
        if (value is not null)
            flags.Add(new(name, value));
    }
}
