using CourseRec.Benchmarks.Cluster.Apart;
using CourseRec.Benchmarks.Cluster.Cost;
using CourseRec.Benchmarks.Cluster.Idle;
using CourseRec.Benchmarks.Cluster.Move;
using Spectre.Console;

namespace CourseRec.Benchmarks.Cluster;

/// <summary>What <c>bench cluster</c> measured; a part that did not run is null.</summary>
/// <param name="Cores">Processor cores of the machine.</param>
/// <param name="Cost">Three nodes against one.</param>
/// <param name="Move">Users whose partitions move.</param>
/// <param name="Apart">Users whose sockets are on another node.</param>
/// <param name="Idle">Nodes when nothing happens.</param>
internal sealed record ClusterBenchReport(
    int Cores,
    CostReport? Cost,
    MoveReport? Move,
    ApartReport? Apart,
    IdleReport? Idle
)
{
    /// <summary>As tables.</summary>
    public IEnumerable<Table> ToTables() =>
        new[] { Cost?.ToTable(), Move?.ToTable(), Apart?.ToTable(), Idle?.ToTable() }.OfType<Table>();
}
