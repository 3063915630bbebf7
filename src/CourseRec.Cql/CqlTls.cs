namespace CourseRec.Cql;

/// <summary>TLS to every node. The system's authorities are trusted unless one of our own is named.</summary>
public sealed record CqlTls
{
    /// <summary>A PEM file with the authorities that alone are trusted; null: those of the system.</summary>
    public string? AuthorityFile { get; init; }

    /// <summary>The name that every node's certificate must have; null: the address that is connected to.</summary>
    public string? ServerName { get; init; }

    /// <summary>A PEM file with the certificate and key that we show; null when the nodes don't ask for one.</summary>
    public string? ClientFile { get; init; }
}
