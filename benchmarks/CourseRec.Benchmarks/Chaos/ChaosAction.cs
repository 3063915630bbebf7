using System.Globalization;

namespace CourseRec.Benchmarks.Chaos;

/// <summary>What is done to the cluster.</summary>
internal enum ChaosKind
{
    /// <summary>A node is killed (SIGKILL) and started again.</summary>
    Kill,

    /// <summary>A node is told to stop (SIGTERM) and started again.</summary>
    Terminate,

    /// <summary>
    /// A node is frozen (SIGSTOP) past the others' patience, and goes on (SIGCONT): it ends, to be started again.
    /// </summary>
    Freeze,

    /// <summary>A node is frozen for two seconds, which the others wait for.</summary>
    FreezeBriefly,

    /// <summary>
    /// A node is cut off from the others past their patience, but not from Kafka, Cassandra and clients: it ends, to be
    /// started again.
    /// </summary>
    Cut,

    /// <summary>A fourth node joins, stays a while, and leaves (SIGTERM).</summary>
    Join,

    /// <summary>Every node in turn is told to stop and started again.</summary>
    Rolling,

    /// <summary>The broker is stopped in good order and started again.</summary>
    StopBroker,

    /// <summary>The broker is killed and started again.</summary>
    KillBroker,

    /// <summary>The broker is frozen and goes on.</summary>
    FreezeBroker,

    /// <summary>Cassandra is stopped in good order and started again.</summary>
    StopCassandra,

    /// <summary>Cassandra is killed and started again.</summary>
    KillCassandra,

    /// <summary>Cassandra is frozen and goes on.</summary>
    FreezeCassandra,
}

/// <summary>One step of a schedule.</summary>
/// <param name="Kind">What is done.</param>
/// <param name="Node">To which node; those that it is not done to have none.</param>
/// <param name="Away">How long it is away, or frozen, or stays; a kill of zero is started again before the others have
/// noticed.</param>
/// <param name="Pause">How long everything runs undisturbed afterwards.</param>
internal sealed record ChaosAction(ChaosKind Kind, string? Node, TimeSpan Away, TimeSpan Pause)
{
    /// <inheritdoc/>
    public override string ToString()
    {
        var away = Away.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture);
        return Kind switch
        {
            ChaosKind.Kill => $"kill -9 {Node}, away {away} s",
            ChaosKind.Terminate => $"SIGTERM {Node}, away {away} s",
            ChaosKind.Freeze or ChaosKind.FreezeBriefly => $"freeze {Node} for {away} s",
            ChaosKind.Cut => $"{Node} cut off for {away} s",
            ChaosKind.Join => $"{Node} joins, leaves after {away} s",
            ChaosKind.Rolling => "rolling restart",
            ChaosKind.FreezeBroker => $"broker frozen for {away} s",
            ChaosKind.FreezeCassandra => $"Cassandra frozen for {away} s",
            _ => $"{NameOf(Kind)}, away {away} s",
        };
    }

    /// <summary>A kind, as tables name it.</summary>
    public static string NameOf(ChaosKind kind) =>
        kind switch
        {
            ChaosKind.Kill => "kill -9",
            ChaosKind.Terminate => "SIGTERM",
            ChaosKind.Freeze => "SIGSTOP, SIGCONT",
            ChaosKind.FreezeBriefly => "SIGSTOP, SIGCONT in 2 s",
            ChaosKind.Cut => "cut off",
            ChaosKind.Join => "a fourth node",
            ChaosKind.Rolling => "rolling restart",
            ChaosKind.StopBroker => "broker stopped",
            ChaosKind.KillBroker => "broker killed",
            ChaosKind.FreezeBroker => "broker frozen",
            ChaosKind.StopCassandra => "Cassandra stopped",
            ChaosKind.KillCassandra => "Cassandra killed",
            _ => "Cassandra frozen",
        };
}
