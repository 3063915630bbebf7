using System.CommandLine;
using System.CommandLine.Help;
using CourseRec.Benchmarks.Cassandra;
using CourseRec.Benchmarks.Chaos;
using CourseRec.Benchmarks.Cluster;
using CourseRec.Benchmarks.Kafka;
using CourseRec.Benchmarks.Model;
using CourseRec.Benchmarks.Online;
using CourseRec.Benchmarks.Pipeline;

namespace CourseRec.Benchmarks;

/// <summary><c>courserec bench</c>: measures this machine.</summary>
internal static class BenchCommand
{
    /// <summary>The program, whose one verb it is.</summary>
    public static Command Program() => new("courserec", "CourseRec's benchmarks.") { new HelpOption(), Create() };

    private static Command Create() =>
        new("bench", "Measures CourseRec on this machine.")
        {
            PipelineCommand.Create(),
            ModelCommand.Create(),
            OnlineCommand.Create(),
            CassandraCommand.Create(),
            KafkaCommand.Create(),
            ClusterCommand.Create(),
            ChaosCommand.Create(),
        };
}
