namespace CourseRec.Cql.Errors;

/// <summary>A node answered with an error; the message is the server's own.</summary>
public sealed class CqlServerException(CqlError error, string message) : CqlException(message)
{
    /// <summary>What kind of error.</summary>
    public CqlError Error { get; } = error;
}

/// <summary>The protocol's error codes (native_protocol_v4.spec, 9); a newer server may send others.</summary>
public enum CqlError
{
    /// <summary>Something unexpected happened at the server.</summary>
    ServerFault = 0x0000,

    /// <summary>The server did not understand us.</summary>
    ProtocolViolation = 0x000A,

    /// <summary>User or password are wrong or missing.</summary>
    Authentication = 0x0100,

    /// <summary>Too few replicas are alive; nothing was done.</summary>
    Unavailable = 0x1000,

    /// <summary>The coordinator has more to do than it can; nothing was done.</summary>
    Overloaded = 0x1001,

    /// <summary>The coordinator has not joined the cluster yet; nothing was done.</summary>
    Bootstrapping = 0x1002,

    /// <summary>A TRUNCATE failed.</summary>
    Truncate = 0x1003,

    /// <summary>Too few replicas acknowledged a write in the server's time; it may still happen.</summary>
    WriteTimeout = 0x1100,

    /// <summary>Too few replicas answered a read in the server's time.</summary>
    ReadTimeout = 0x1200,

    /// <summary>Replicas failed at a read.</summary>
    ReadFailure = 0x1300,

    /// <summary>Replicas failed at a write; it may have happened on others.</summary>
    WriteFailure = 0x1500,

    /// <summary>The statement is not CQL.</summary>
    Syntax = 0x2000,

    /// <summary>The role may not do this.</summary>
    Unauthorized = 0x2100,

    /// <summary>The statement is CQL, and wrong: an unknown table, say.</summary>
    Invalid = 0x2200,

    /// <summary>The server's configuration forbids it.</summary>
    Config = 0x2300,

    /// <summary>A keyspace or table is there already.</summary>
    AlreadyExists = 0x2400,

    /// <summary>The node has forgotten a prepared statement; the driver prepares it again by itself.</summary>
    Unprepared = 0x2500,
}
