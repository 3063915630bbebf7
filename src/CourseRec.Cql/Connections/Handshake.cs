using System.Text;
using CourseRec.Cql.Errors;
using CourseRec.Cql.Protocol;

namespace CourseRec.Cql.Connections;

/// <summary>What is said before the first request: STARTUP, authentication by SASL PLAIN, the keyspace.</summary>
internal static class Handshake
{
    /// <exception cref="CqlVersionException">The node does not speak this version.</exception>
    public static async Task RunAsync(CqlConnection connection, CqlOptions options, CancellationToken cancel)
    {
        Task<Frame> Ask(FrameWriter frame) => connection.AskAsync(frame, options.ConnectTimeout, cancel);
        var answer = await StartAsync(connection, Ask);
        if (answer.Header.Opcode == Opcode.Authenticate)
            answer = await AuthenticateAsync(connection, options, answer, Ask);
        if (answer.Header.Opcode is not (Opcode.Ready or Opcode.AuthSuccess))
            throw new CqlProtocolException($"{connection.EndPoint} greets with {answer.Header.Opcode}");
        if (options.Keyspace is { } keyspace)
            Check(await Ask(Requests.Query(connection.Version, $"USE \"{keyspace.Replace("\"", "\"\"")}\"")));
    }

    private static async Task<Frame> StartAsync(CqlConnection connection, Func<FrameWriter, Task<Frame>> ask)
    {
        try
        {
            var answer = await ask(Requests.Startup(connection.Version));
            Check(answer);
            return answer;
        }
        catch (CqlConnectionException e) when (e.InnerException is CqlVersionException version)
        {
            throw version;
        }
        catch (CqlServerException e)
            when (e.Error == CqlError.ProtocolViolation
                && e.Message.Contains("protocol version", StringComparison.Ordinal)
            )
        {
            throw new CqlVersionException(connection.Version - 1);
        }
    }

    private static async Task<Frame> AuthenticateAsync(
        CqlConnection connection,
        CqlOptions options,
        Frame asked,
        Func<FrameWriter, Task<Frame>> ask
    )
    {
        if (options.Credentials is not { } credentials)
            throw new CqlServerException(
                CqlError.Authentication,
                $"{connection.EndPoint} asks for user and password ({Authenticator(asked)}), and none are configured."
            );
        var token = Encoding.UTF8.GetBytes($"\0{credentials.User}\0{credentials.Password}");
        var answer = await ask(Requests.AuthResponse(connection.Version, token));
        Check(answer);
        if (answer.Header.Opcode == Opcode.AuthChallenge)
            throw new CqlServerException(
                CqlError.Authentication,
                $"{connection.EndPoint} wants more than user and password ({Authenticator(asked)}), which is not "
                    + "supported."
            );
        return answer;
    }

    private static string Authenticator(Frame frame)
    {
        var reader = frame.Open(out _);
        return reader.String();
    }

    private static void Check(Frame frame) => frame.Open(out _);
}
