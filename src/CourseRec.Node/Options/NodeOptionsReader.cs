using System.Text.RegularExpressions;
using CourseRec.Actors.Ports;
using CourseRec.Actors.Sessions;
using CourseRec.Actors.Shards;
using CourseRec.Models.Baselines;
using CourseRec.Persistence.Cassandra.Schema;
using CourseRec.Simulation.Catalogue;

namespace CourseRec.Node.Options;

/// <summary>Reads <see cref="NodeOptions"/> from where options come from.</summary>
public static partial class NodeOptionsReader
{
    /// <summary>The section that holds them all.</summary>
    public const string Root = "CourseRec";

    private static readonly TimeSpan Millisecond = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private static readonly TimeSpan Decade = TimeSpan.FromDays(3650);

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
        var root = new OptionReader(configuration.GetSection(Root));
        var defaults = new NodeOptions();
        var options = new NodeOptions
        {
            Urls = root.Text("Urls", defaults.Urls),
            DataDir = root.Text("DataDir", defaults.DataDir),
            Log = ReadSection(root, "Log", s => Log(s, defaults.Log)),
            Cassandra = ReadSection(root, "Cassandra", s => Cassandra(s, defaults.Cassandra)),
            Kafka = ReadSection(root, "Kafka", s => Kafka(s, defaults.Kafka)),
            Cluster = ReadSection(root, "Cluster", s => ClusterOptionsReader.Read(s, defaults.Cluster)),
            Intake = ReadSection(root, "Intake", s => Intake(s, defaults.Intake)),
            Training = ReadSection(root, "Training", s => Training(s, defaults.Training)),
            Simulation = ReadSection(root, "Simulation", s => Simulation(s, defaults.Simulation)),
            Logging = ReadSection(root, "Logging", s => Logging(s, defaults.Logging)),
            Telemetry = ReadSection(root, "Telemetry", s => TelemetryOptionsReader.Read(s, defaults.Telemetry)),
            Sessions = ReadSection(
                root,
                "Recommend",
                s => Recommend(s, ReadSection(root, "Sessions", t => Sessions(t, defaults.Sessions)))
            ),
        };
        if (!options.Cluster.Has(NodeRole.Trainer))
            options = options with { Training = options.Training with { Enabled = false } };
        root.RefuseUnknown();
        ListenAddresses.Check(options.Urls);
        ClusterOptionsReader.Check(options);
        return options;
    }

    private static T ReadSection<T>(OptionReader root, string name, Func<OptionReader, T> read)
    {
        var section = root.Section(name);
        var options = read(section);
        section.RefuseUnknown();
        return options;
    }

    private static LogOptions Log(OptionReader s, LogOptions d) =>
        new()
        {
            Partitions = s.Int("Partitions", d.Partitions, 1, 1024),
            RetainFor = s.Duration("RetainFor", d.RetainFor, TimeSpan.FromMinutes(1), Decade),
            RetainBytes = s.Bytes("RetainBytes", d.RetainBytes, 1 << 20),
        };

    private static CassandraOptions Cassandra(OptionReader s, CassandraOptions d)
    {
        var options = new CassandraOptions
        {
            ContactPoints = s.OptionalText("ContactPoints"),
            Keyspace = s.Text("Keyspace", d.Keyspace),
            Replication = s.Parsed("Replication", Replication.Allowed, Replication.Parse),
            LocalDatacenter = s.OptionalText("LocalDatacenter"),
            Consistency = s.Choice("Consistency", d.Consistency),
            User = s.OptionalText("User"),
            Password = s.OptionalText("Password"),
            Tls = s.Flag("Tls", d.Tls),
            TlsAuthority = s.OptionalText("TlsAuthority"),
            TlsServerName = s.OptionalText("TlsServerName"),
            TlsClient = s.OptionalText("TlsClient"),
            InteractionsKeptFor = s.Duration("InteractionsKeptFor", d.InteractionsKeptFor, TimeSpan.Zero, 2 * Decade),
            SessionsAtOnce = s.Int("SessionsAtOnce", d.SessionsAtOnce, 1, 4096),
            RequestTimeout = s.Duration("RequestTimeout", d.RequestTimeout, 100 * Millisecond, Hour),
        };
        try
        {
            options.StoreOptions.Validate();
            return options;
        }
        catch (ArgumentException e)
        {
            throw new OptionsException($"CourseRec:Cassandra: {e.Message}");
        }
    }

    private static KafkaOptions Kafka(OptionReader s, KafkaOptions d) =>
        new()
        {
            BootstrapServers = s.OptionalText("BootstrapServers"),
            Topic = s.Text("Topic", d.Topic),
            DeadLetterTopic = s.Text("DeadLetterTopic", d.DeadLetterTopic),
            CatalogueTopic = s.Text("CatalogueTopic", d.CatalogueTopic),
            RecommendationsTopic = s.OptionalText("RecommendationsTopic"),
            GroupId = s.Text("GroupId", d.GroupId),
            Replication = (short)s.Int("Replication", d.Replication, -1, short.MaxValue),
            SessionTimeout = s.Duration(
                "SessionTimeout",
                d.SessionTimeout,
                TimeSpan.FromSeconds(1),
                TimeSpan.FromSeconds(30)
            ),
            Client = s.Texts("Client"),
        };

    private static IntakeOptions Intake(OptionReader s, IntakeOptions d) =>
        new()
        {
            MaxBodyBytes = s.Bytes("MaxBodyBytes", d.MaxBodyBytes, 16 * 1024),
            MaxLag = s.Long("MaxLag", d.MaxLag, 1, long.MaxValue),
            RetryAfter = s.Duration("RetryAfter", d.RetryAfter, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1)),
        };

    private static SessionHostOptions Sessions(OptionReader s, SessionHostOptions d) =>
        d with
        {
            Rules = Rules(s, d.Rules),
            MaxResidentSessions = s.Int("MaxResident", d.MaxResidentSessions, 1, int.MaxValue),
            MailboxRecords = s.Int("MailboxRecords", d.MailboxRecords, 1, 1 << 24),
            FlushInterval = s.Duration("FlushInterval", d.FlushInterval, Millisecond, TimeSpan.FromMinutes(1)),
            MaxUnstoredRecords = s.Int("MaxUnstored", d.MaxUnstoredRecords, 1, 1 << 24),
            Rewind = s.Duration("Rewind", d.Rewind, TimeSpan.Zero, TimeSpan.FromDays(1)),
        };

    private static FoldRules Rules(OptionReader s, FoldRules d)
    {
        var rules = new FoldRules
        {
            HistoryLength = s.Int("HistoryLength", d.HistoryLength, 1, 1_000),
            Positive = s.Choices("Positive", d.Positive),
            MinimumRating = s.Number("MinimumRating", d.MinimumRating, -1e6, 1e6),
            Taking = s.Choices("Taking", d.Taking),
            TakenLimit = s.Int("TakenLimit", d.TakenLimit, 0, 1_000),
        };
        try
        {
            rules.Validate();
            return rules;
        }
        catch (ArgumentException e)
        {
            throw new OptionsException($"CourseRec:Sessions: {e.Message}");
        }
    }

    private static SessionHostOptions Recommend(OptionReader s, SessionHostOptions d) =>
        d with
        {
            Baselines = new BaselineOptions
            {
                PopularityHalfLife = s.Duration(
                    "PopularityHalfLife",
                    d.Baselines.PopularityHalfLife,
                    TimeSpan.FromMinutes(1),
                    Decade
                ),
                TransitionHalfLife = s.Duration(
                    "TransitionHalfLife",
                    d.Baselines.TransitionHalfLife,
                    TimeSpan.FromMinutes(1),
                    Decade
                ),
                SuccessorsPerCourse = s.Int("SuccessorsPerCourse", d.Baselines.SuccessorsPerCourse, 1, 4096),
            },
            JudgedShare = s.Number("JudgedShare", d.JudgedShare, 0, 1),
            JudgeWindow = s.Int("JudgeWindow", d.JudgeWindow, 1, 1_000_000),
            PublishInterval = s.Duration("PublishInterval", d.PublishInterval, Millisecond, TimeSpan.FromHours(1)),
            CountersInterval = s.Duration("CountersInterval", d.CountersInterval, Millisecond, Hour),
        };

    private static TrainingOptions Training(OptionReader s, TrainingOptions d) =>
        new()
        {
            Enabled = s.Flag("Enabled", d.Enabled),
            Model = s.OptionalText("Model"),
            Device = s.Word("Device", d.Device, "auto, cpu or cuda:N", Devices()),
            Share = s.Number("Share", d.Share, 0.01, 1),
            PublishEvery = s.Duration("PublishEvery", d.PublishEvery, TimeSpan.FromMilliseconds(100), Hour),
            CheckpointEvery = s.Duration("CheckpointEvery", d.CheckpointEvery, TimeSpan.FromSeconds(1), Hour),
            FreezeEvery = s.Duration("FreezeEvery", d.FreezeEvery, TimeSpan.Zero, Decade),
            HeldOut = s.Number("HeldOut", d.HeldOut, 0, 0.5),
        };

    [GeneratedRegex("^(auto|cpu|cuda(:[0-9]{1,3})?)$")]
    private static partial Regex Devices();

    private static SimulationOptions Simulation(OptionReader s, SimulationOptions d) =>
        new()
        {
            Enabled = s.Flag("Enabled", d.Enabled),
            Seed = s.Int("Seed", d.Seed, 0, int.MaxValue),
            Rate = s.Number("Rate", d.Rate, 0.1, 100_000),
            Learners = s.Int("Learners", d.Learners, 1, 10_000_000),
            Courses = s.Int("Courses", d.Courses, 1, CatalogueGenerator.MaxCourses),
        };

    private static LoggingOptions Logging(OptionReader s, LoggingOptions d) =>
        new() { Json = s.Flag("Json", d.Json), Level = s.Choice("Level", d.Level) };
}
