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
    /// <param name="flags">Options by path below the root, as in <c>Log:Partitions</c>; these win.</param>
    /// <exception cref="OptionsException">A value is not allowed, or an option is not known.</exception>
    public static NodeOptions Load(IEnumerable<KeyValuePair<string, string?>> flags)
    {
        try
        {
            var configuration = new ConfigurationBuilder()
                .AddJsonFile(Path.Combine(AppContext.BaseDirectory, "appsettings.json"), optional: true)
                .AddJsonFile(Path.Combine(Environment.CurrentDirectory, "appsettings.json"), optional: true)
                .AddEnvironmentVariables()
                .AddInMemoryCollection(flags.Select(f => KeyValuePair.Create($"{Root}:{f.Key}", f.Value)))
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
        ListenAddresses.Check(options.Urls);
        CheckRoles(options);
        return options;
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
