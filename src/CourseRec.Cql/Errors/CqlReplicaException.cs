namespace CourseRec.Cql.Errors;

/// <summary>Too few replicas answered for the consistency level that was asked.</summary>
/// <param name="code">The protocol's error code.</param>
/// <param name="message">The server's message.</param>
/// <param name="consistency">The level.</param>
/// <param name="required">Replicas needed.</param>
/// <param name="received">Replicas that answered, or that are alive.</param>
public abstract class CqlReplicaException(
    int code,
    string message,
    CqlConsistency consistency,
    int required,
    int received
) : CqlServerException(code, $"{message} ({received} of {required} replicas for {consistency})")
{
    /// <summary>The level that was asked.</summary>
    public CqlConsistency Consistency { get; } = consistency;

    /// <summary>Replicas needed for it.</summary>
    public int Required { get; } = required;

    /// <summary>Replicas that answered, or that are alive.</summary>
    public int Received { get; } = received;
}

/// <summary>Too few replicas are alive (0x1000); nothing was done.</summary>
public sealed class CqlUnavailableException(string message, CqlConsistency consistency, int required, int alive)
    : CqlReplicaException(0x1000, message, consistency, required, alive);

/// <summary>Too few replicas acknowledged a write in the server's time (0x1100); it may still happen.</summary>
public sealed class CqlWriteTimeoutException(
    string message,
    CqlConsistency consistency,
    int required,
    int received,
    string writeType
) : CqlReplicaException(0x1100, message, consistency, required, received)
{
    /// <summary>SIMPLE, UNLOGGED_BATCH, CAS, …</summary>
    public string WriteType { get; } = writeType;
}

/// <summary>Too few replicas answered a read in the server's time (0x1200).</summary>
public sealed class CqlReadTimeoutException(
    string message,
    CqlConsistency consistency,
    int required,
    int received,
    bool dataPresent
) : CqlReplicaException(0x1200, message, consistency, required, received)
{
    /// <summary>Whether the replica that was asked for the data itself answered.</summary>
    public bool DataPresent { get; } = dataPresent;
}

/// <summary>Replicas failed at a read (0x1300).</summary>
public sealed class CqlReadFailureException(
    string message,
    CqlConsistency consistency,
    int required,
    int received,
    int failures
) : CqlReplicaException(0x1300, message, consistency, required, received)
{
    /// <summary>Replicas that failed.</summary>
    public int Failures { get; } = failures;
}

/// <summary>Replicas failed at a write (0x1500); it may have happened on others.</summary>
public sealed class CqlWriteFailureException(
    string message,
    CqlConsistency consistency,
    int required,
    int received,
    int failures
) : CqlReplicaException(0x1500, message, consistency, required, received)
{
    /// <summary>Replicas that failed.</summary>
    public int Failures { get; } = failures;
}
