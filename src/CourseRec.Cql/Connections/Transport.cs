using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;

namespace CourseRec.Cql.Connections;

/// <summary>Makes the byte stream below a connection: TCP, and TLS where it is asked for.</summary>
internal static class Transport
{
    public static async Task<Stream> ConnectAsync(IPEndPoint endPoint, CqlTls? tls, CancellationToken cancel)
    {
        var socket = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(endPoint, cancel);
            var stream = new NetworkStream(socket, ownsSocket: true);
            return tls is null ? stream : await SecureAsync(stream, endPoint, tls, cancel);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static async Task<Stream> SecureAsync(
        NetworkStream stream,
        IPEndPoint endPoint,
        CqlTls tls,
        CancellationToken cancel
    )
    {
        var secure = new SslStream(stream);
        await secure.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions
            {
                TargetHost = tls.ServerName ?? endPoint.Address.ToString(),
                CertificateChainPolicy = tls.AuthorityFile is { } file ? OwnAuthorities(file) : null,
                ClientCertificates = tls.ClientFile is { } client ? [X509Certificate2.CreateFromPemFile(client)] : null,
            },
            cancel
        );
        return secure;
    }

    private static X509ChainPolicy OwnAuthorities(string file)
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
        };
        policy.CustomTrustStore.ImportFromPemFile(file);
        return policy;
    }
}
