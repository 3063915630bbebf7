using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using CourseRec.Cql;
using CourseRec.Cql.Errors;

namespace CourseRec.Cql.Tests;

/// <summary>Passwords and TLS, with servers that ask for them.</summary>
public sealed class CqlSecurityTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task A_server_with_passwords_lets_in_who_knows_one()
    {
        await using var server = await CassandraServer.StartAsync(CassandraServerOptions.WithPasswords);
        var options = Cluster.Options(server) with { Credentials = new("cassandra", "cassandra") };
        // The server creates its first user a moment after it takes connections.
        await using (var cluster = await Eventually.SucceedsAsync(() => Cluster.ConnectAsync(options)))
            Assert.Equal(1, (await cluster.QueryAsync("SELECT cluster_name FROM system.local")).Count);
        var wrong = await Assert.ThrowsAsync<CqlNoHostException>(() =>
            Cluster.ConnectAsync(options with { Credentials = new("cassandra", "wrong") })
        );
        Assert.Contains("password", wrong.Message);
        Assert.DoesNotContain("wrong", options.ToString());
    }

    [Fact]
    public async Task A_server_with_TLS_is_trusted_by_its_authority_alone()
    {
        var (authority, server) = (_folder.File("ca.pem"), _folder.File("server.p12"));
        MakeCertificates(authority, server);
        var (other, otherServer) = (_folder.File("other.pem"), _folder.File("other.p12"));
        MakeCertificates(other, otherServer);
        await using var cassandra = await CassandraServer.StartAsync(CassandraServerOptions.WithTls(server, "secret"));
        var options = Cluster.Options(cassandra) with { Tls = new() { AuthorityFile = authority } };

        await using (var cluster = await Cluster.ConnectAsync(options))
        {
            await Cluster.CreateKeyspaceAsync(cluster, "secure");
            await cluster.QueryAsync("CREATE TABLE secure.t (k text PRIMARY KEY, v blob)");
            var insert = await cluster.PrepareAsync("INSERT INTO secure.t (k, v) VALUES (?, ?)", [0]);
            await Task.WhenAll(
                Enumerable
                    .Range(0, 50)
                    .Select(i => cluster.ExecuteAsync(insert.Bind().Text($"{i}").Blob(new byte[50_000])).AsTask())
            );
            var rows = await cluster.QueryAsync("SELECT v FROM secure.t");
            Assert.Equal(50, rows.Count);
        }
        await RefusedAsync(options with { Tls = new() { AuthorityFile = other } });
        await RefusedAsync(options with { Tls = new() });
        await RefusedAsync(
            options with
            {
                Tls = new() { AuthorityFile = authority, ServerName = "elsewhere" },
            }
        );
    }

    public void Dispose() => _folder.Dispose();

    private static async Task RefusedAsync(CqlOptions options)
    {
        var error = await Assert.ThrowsAsync<CqlNoHostException>(() => Cluster.ConnectAsync(options));
        Assert.Contains("certificate", error.Message);
    }

    private static void MakeCertificates(string authorityFile, string serverFile)
    {
        var (from, until) = (
            new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero),
            new DateTimeOffset(2120, 1, 1, 0, 0, 0, TimeSpan.Zero)
        );
        using var authorityKey = RSA.Create(2048);
        var request = new CertificateRequest(
            "CN=Test authority",
            authorityKey,
            HashAlgorithmName.SHA256,
            RSASignaturePadding.Pkcs1
        );
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        using var authority = request.CreateSelfSigned(from, until);
        File.WriteAllText(authorityFile, authority.ExportCertificatePem());

        using var key = RSA.Create(2048);
        request = new CertificateRequest("CN=Cassandra", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using var signed = request.Create(authority, from, until, RandomNumberGenerator.GetBytes(16));
        using var whole = signed.CopyWithPrivateKey(key);
        File.WriteAllBytes(serverFile, whole.Export(X509ContentType.Pkcs12, "secret"));
    }
}
