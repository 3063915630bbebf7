namespace CourseRec.Cql.Errors;

/// <summary>A node answered with an error (native_protocol_v4.spec, 9); the message is the server's own.</summary>
/// <param name="code">The protocol's error code.</param>
/// <param name="message">The server's message.</param>
public class CqlServerException(int code, string message) : CqlException(message)
{
    /// <summary>The protocol's error code.</summary>
    public int Code { get; } = code;
}

/// <summary>Something unexpected happened at the server (0x0000).</summary>
public sealed class CqlServerFaultException(string message) : CqlServerException(0x0000, message);

/// <summary>The server did not understand us (0x000A).</summary>
public sealed class CqlProtocolViolationException(string message) : CqlServerException(0x000A, message);

/// <summary>User or password are wrong or missing (0x0100).</summary>
public sealed class CqlAuthenticationException(string message) : CqlServerException(0x0100, message);

/// <summary>The coordinator has more to do than it can (0x1001); nothing was done.</summary>
public sealed class CqlOverloadedException(string message) : CqlServerException(0x1001, message);

/// <summary>The coordinator has not joined the cluster yet (0x1002); nothing was done.</summary>
public sealed class CqlBootstrappingException(string message) : CqlServerException(0x1002, message);

/// <summary>A TRUNCATE failed (0x1003).</summary>
public sealed class CqlTruncateException(string message) : CqlServerException(0x1003, message);

/// <summary>The statement is not CQL (0x2000).</summary>
public sealed class CqlSyntaxException(string message) : CqlServerException(0x2000, message);

/// <summary>The role may not do this (0x2100).</summary>
public sealed class CqlUnauthorizedException(string message) : CqlServerException(0x2100, message);

/// <summary>The statement is CQL, and wrong: an unknown table, say (0x2200).</summary>
public sealed class CqlInvalidException(string message) : CqlServerException(0x2200, message);

/// <summary>The server's configuration forbids it (0x2300).</summary>
public sealed class CqlConfigException(string message) : CqlServerException(0x2300, message);

/// <summary>A keyspace or table is there already (0x2400).</summary>
/// <param name="message">The server's message.</param>
/// <param name="keyspace">The keyspace.</param>
/// <param name="table">The table; empty when the keyspace itself is meant.</param>
public sealed class CqlAlreadyExistsException(string message, string keyspace, string table)
    : CqlServerException(0x2400, message)
{
    /// <summary>The keyspace.</summary>
    public string Keyspace { get; } = keyspace;

    /// <summary>The table; empty when the keyspace itself is meant.</summary>
    public string Table { get; } = table;
}

/// <summary>The node has forgotten a prepared statement (0x2500); the driver prepares it again by itself.</summary>
public sealed class CqlUnpreparedException(string message) : CqlServerException(0x2500, message);
