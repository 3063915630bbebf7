using System.CommandLine;
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
    /// <summary>The verb.</summary>
    public static Command Create() =>
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
