using System.Globalization;

namespace CourseRec.Benchmarks.Chaos;

/// <summary>What is done to the cluster.</summary>
internal enum ChaosKind
{
    /// <summary>A node is killed (SIGKILL) and started again.</summary>
    Kill,

    /// <summary>A node is told to stop (SIGTERM) and started again.</summary>
    Terminate,

    /// <summary>A node is frozen (SIGSTOP) past its session time-out and goes on (SIGCONT).</summary>
    Freeze,

    /// <summary>A fourth node joins, stays a while, and leaves (SIGTERM).</summary>
    Join,

    /// <summary>Every node in turn is told to stop and started again.</summary>
    Rolling,

    /// <summary>The broker is stopped in good order and started again.</summary>
    StopBroker,

    /// <summary>The broker is killed and started again.</summary>
    KillBroker,

    /// <summary>Cassandra is stopped in good order and started again.</summary>
    StopCassandra,

    /// <summary>Cassandra is killed and started again.</summary>
    KillCassandra,
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
            ChaosKind.Freeze => $"freeze {Node} for {away} s",
            ChaosKind.Join => $"{Node} joins, leaves after {away} s",
            ChaosKind.Rolling => "rolling restart",
            ChaosKind.StopBroker => $"broker stopped, away {away} s",
            ChaosKind.KillBroker => $"broker killed, away {away} s",
            ChaosKind.StopCassandra => $"Cassandra stopped, away {away} s",
            _ => $"Cassandra killed, away {away} s",
        };
    }
}
