using CourseRec.Actors.Ports;

namespace CourseRec.Node.Options;

/// <summary>Reads <see cref="NodeOptions"/> from where options come from, and checks them.</summary>
public static class NodeOptionsReader
{
    /// <summary>The section that holds them all.</summary>
    public const string Root = "CourseRec";

    /// <summary>
    /// Reads <c>appsettings.json</c> (beside the program, then in the current folder), the environment, and flags.
    /// </summary>
    /// <param name="flags">Options by path below the root, as in <c>Log:Partitions</c>; these win, and of one that
    /// is named twice the last.</param>
    /// <exception cref="OptionsException">A value is not allowed, or an option is not known.</exception>
    public static NodeOptions Load(IEnumerable<KeyValuePair<string, string?>> flags)
    {
        try
        {
            var configuration = new ConfigurationBuilder()
                .AddJsonFile(Path.Combine(AppContext.BaseDirectory, "appsettings.json"), optional: true)
                .AddJsonFile(Path.Combine(Environment.CurrentDirectory, "appsettings.json"), optional: true)
                .AddEnvironmentVariables()
                .AddInMemoryCollection(
                    flags
                        .GroupBy(f => f.Key, StringComparer.OrdinalIgnoreCase)
                        .Select(same => KeyValuePair.Create($"{Root}:{same.Key}", same.Last().Value))
                )
                .Build();
            return Read(configuration);
        }
        catch (InvalidDataException e)
        {
            throw new OptionsException($"{e.Message} {e.InnerException?.Message}".TrimEnd());
        }
    }

    /// <summary>Reads the options of a configuration.</summary>
    /// <exception cref="OptionsException">A value is not allowed, or an option is not known.</exception>
    public static NodeOptions Read(IConfiguration configuration)
    {
        var options = OptionsBinder.Bind<NodeOptions>(configuration.GetSection(Root));
        if (!options.Cluster.Has(NodeRole.Trainer))
            options = options with { Training = options.Training with { Enabled = false } };
        Check("Cassandra", options.Cassandra.StoreOptions.Validate);
        Check("Sessions", options.Sessions.Rules.Validate);
        ListenAddresses.Check(options.Urls, options.Cluster);
        CheckRoles(options);
        return options;
    }

    /// <summary>
    /// Checks what only a node that is to run needs: one that shares its store and begins a cluster of its own would
    /// own all of it a second time.
    /// </summary>
    /// <exception cref="OptionsException">It can't run so.</exception>
    public static void CheckToRun(NodeOptions options)
    {
        if (options.IsClustered && options.Cluster.Seeds.Count == 0)
            throw new OptionsException(
                $"{Root}:Cluster:Seeds is empty; needed with Kafka and Cassandra, which nodes share: the nodes to ask, "
                    + "as --seeds 127.0.0.1:4053 (a first node names its own --cluster-address)."
            );
        if (options.Cluster.SplitBrain == SplitBrainStrategy.Lease && options.Cassandra.ContactPoints is null)
            throw new OptionsException(
                $"{Root}:Cluster:SplitBrain is 'lease'; allowed only with Cassandra, which has it."
            );
    }

    private static void Check(string section, Action validate)
    {
        try
        {
            validate();
        }
        catch (ArgumentException e)
        {
            throw new OptionsException($"{Root}:{section}: {e.Message}");
        }
    }

    private static void CheckRoles(NodeOptions options)
    {
        if (options.IsClustered || (options.Cluster.Has(NodeRole.Session) && options.Cluster.Has(NodeRole.Gateway)))
            return;
        throw new OptionsException(
            $"{Root}:Cluster:Roles is '{string.Join(',', options.Cluster.Roles ?? []).ToLowerInvariant()}'; allowed "
                + "without Kafka and Cassandra, which nodes share: session and gateway, with or without trainer."
        );
    }
}
