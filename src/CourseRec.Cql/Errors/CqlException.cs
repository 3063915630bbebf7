namespace CourseRec.Cql.Errors;

/// <summary>Cassandra could not be asked, or refused.</summary>
public abstract class CqlException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>A node answered what the protocol doesn't allow.</summary>
/// <param name="what">What it sent.</param>
public sealed class CqlProtocolException(string what)
    : CqlException(
        $"Cassandra's answer can't be read: {what}. Is this its native protocol's port, and not the TLS one or "
            + "another's?"
    );

/// <summary>A connection could not be made, or was lost.</summary>
/// <param name="message">Which, and why.</param>
/// <param name="inner">The cause.</param>
/// <param name="sent">False when the request surely never reached the node.</param>
public sealed class CqlConnectionException(string message, Exception? inner = null, bool sent = true)
    : CqlException(message, inner)
{
    /// <summary>False when the request surely never reached the node.</summary>
    public bool Sent { get; } = sent;
}

/// <summary>
/// No answer within <see cref="CqlOptions.RequestTimeout"/>; what was asked may or may not have happened.
/// </summary>
public sealed class CqlTimeoutException(string message) : CqlException(message);

/// <summary>No node can be reached; the message says why for each.</summary>
public sealed class CqlNoHostException(string message, Exception? inner = null) : CqlException(message, inner);

/// <summary>A value is asked for, or given, as what its column is not.</summary>
public sealed class CqlTypeException(string message) : CqlException(message);

/// <summary>A node speaks another version of the protocol.</summary>
internal sealed class CqlVersionException(int version) : CqlException($"it speaks native protocol {version}")
{
    public int Version { get; } = version;
}
