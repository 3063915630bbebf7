using CourseRec.Benchmarks.Cluster.Cost;
using CourseRec.Benchmarks.Cluster.Move;
using Spectre.Console;

namespace CourseRec.Benchmarks.Cluster;

/// <summary>What <c>bench cluster</c> measured; a part that did not run is null.</summary>
/// <param name="Cores">Processor cores of the machine.</param>
/// <param name="Cost">Three nodes against one.</param>
/// <param name="Move">Users who move.</param>
internal sealed record ClusterBenchReport(int Cores, CostReport? Cost, MoveReport? Move)
{
    /// <summary>As tables.</summary>
    public IEnumerable<Table> ToTables() => new[] { Cost?.ToTable(), Move?.ToTable() }.OfType<Table>();
}
