using System.Text.RegularExpressions;
using CourseRec.Cql;

namespace CourseRec.Persistence.Cassandra;

/// <summary>Settings of a <see cref="CassandraSessionStore"/>.</summary>
public sealed partial record CassandraSessionStoreOptions
{
    /// <summary>
    /// How the cluster is reached. Its consistency must be one of a quorum; its keyspace is <see cref="Keyspace"/>,
    /// whatever it says.
    /// </summary>
    public CqlOptions Cluster { get; init; } = new();

    /// <summary>The keyspace: a small letter, then small letters, digits and underscores, 48 at most.</summary>
    public string Keyspace { get; init; } = "courserec";

    /// <summary>
    /// How long an interaction is kept, in whole seconds from its being stored; zero: for ever. At most 20 years, as
    /// Cassandra has it.
    /// </summary>
    public TimeSpan InteractionsKeptFor { get; init; } = TimeSpan.Zero;

    /// <summary>
    /// Sessions that one call reads or writes at the same time, 1 to 4,096; the next ones wait for their turn.
    /// </summary>
    public int SessionsAtOnce { get; init; } = 128;

    /// <summary>Refuses settings that can't work.</summary>
    /// <exception cref="ArgumentException">The message names the setting, its value and what is allowed.</exception>
    public void Validate()
    {
        Cluster.Validate();
        if (!KeyspaceName().IsMatch(Keyspace))
            throw new ArgumentException(
                $"{nameof(Keyspace)} is '{Keyspace}'; it must be a small letter, then small letters, digits and "
                    + "underscores, 48 at most."
            );
        if (Cluster.Consistency is not (CqlConsistency.LocalQuorum or CqlConsistency.Quorum))
            throw new ArgumentException(
                $"Consistency is {Cluster.Consistency}; it must be LocalQuorum or Quorum: below a quorum, a read "
                    + "can miss what a write acknowledged."
            );
        if (InteractionsKeptFor < TimeSpan.Zero || InteractionsKeptFor > TimeSpan.FromDays(20 * 365))
            throw new ArgumentException(
                $"{nameof(InteractionsKeptFor)} is {InteractionsKeptFor}; it must be 0 to 20 years."
            );
        if (SessionsAtOnce is < 1 or > 4096)
            throw new ArgumentException($"{nameof(SessionsAtOnce)} is {SessionsAtOnce}; it must be 1 to 4096.");
    }

    [GeneratedRegex("^[a-z][a-z0-9_]{0,47}$")]
    private static partial Regex KeyspaceName();
}
