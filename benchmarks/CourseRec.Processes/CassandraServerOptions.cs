namespace CourseRec.Processes;

/// <summary>How a Cassandra is.</summary>
public sealed record CassandraServerOptions
{
    /// <summary>
    /// Asks for a user and a password; the first user is <c>cassandra</c> with the password <c>cassandra</c>.
    /// </summary>
    public static CassandraServerOptions WithPasswords { get; } =
        new() { Settings = new Dictionary<string, string> { ["authenticator"] = "PasswordAuthenticator" } };

    /// <summary>Settings of cassandra.yaml that differ; a value is JSON or text.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();

    /// <summary>Makes tables ten times faster, but they do not outlive a restart.</summary>
    public bool IsSchemaVolatile { get; init; }

    /// <summary>Speaks TLS only, with the certificate of a PKCS 12 file.</summary>
    public static CassandraServerOptions WithTls(string certificateFile, string password) =>
        new()
        {
            Settings = new Dictionary<string, string>
            {
                ["client_encryption_options"] =
                    $$"""{"enabled":true,"keystore":"{{certificateFile}}","keystore_password":"{{password}}","store_type":"PKCS12","cipher_suites":["TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384"]}""",
            },
        };
}
