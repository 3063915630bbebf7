namespace CourseRec.Cql;

/// <summary>
/// User and password, sent by SASL PLAIN: use <see cref="CqlTls"/> wherever the network isn't trusted.
/// </summary>
/// <param name="User">The role's name.</param>
/// <param name="Password">Its password; never logged.</param>
public sealed record CqlCredentials(string User, string Password)
{
    /// <summary>The user alone.</summary>
    public override string ToString() => User;
}
