using CourseRec.Cql.Connections;
using CourseRec.Cql.Errors;
using CourseRec.Cql.Protocol;
using CourseRec.Cql.Topology;

namespace CourseRec.Cql;

/// <summary>One request: attempts, and what may be tried again.</summary>
public sealed partial class CqlCluster
{
    /// <summary>How often one attempt may find statements forgotten: a node restarts once, not three times.</summary>
    private const int PrepareRounds = 3;

    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(50);

    private async ValueTask<CqlRows> ExecuteAsync(
        CqlRequest request,
        long? token,
        CqlConsistency? consistency,
        int pageSize,
        ReadOnlyMemory<byte> page,
        CancellationToken cancel
    )
    {
        request.Seal(Version, consistency ?? _options.Consistency, _options.SerialConsistency, pageSize, page.Span);
        var start = _time.GetTimestamp();
        Exception? error = null;
        CqlMetrics.Began();
        try
        {
            return await AttemptAsync(request, token, _time.Deadline(_options.RequestTimeout), cancel);
        }
        catch (Exception e)
        {
            error = e;
            if (e is CqlTimeoutException)
                CqlMetrics.TimedOut();
            throw;
        }
        finally
        {
            CqlMetrics.Ended(_time.GetElapsedTime(start), error);
        }
    }

    private async ValueTask<CqlRows> AttemptAsync(
        CqlRequest request,
        long? token,
        long deadline,
        CancellationToken cancel
    )
    {
        CqlHost[] tried = [];
        for (var retries = 0; ; retries++)
        {
            var (host, connection) = _ring.Pick(token, tried) ?? throw NoHost();
            try
            {
                if (tried.Contains(host))
                    await Task.Delay(RetryDelay * (1 << retries), _time, cancel);
                return await AskAsync(connection, request, deadline, cancel);
            }
            catch (CqlException e) when (retries < _options.Retries && MayRetry(e, request.IsConditional) && AnyHostUp)
            {
                CqlMetrics.Retried();
                tried = [.. tried, host];
            }
        }
    }

    /// <summary>
    /// What was surely not done may be tried again by anybody; what may have been done only when doing it twice is
    /// doing it once, as all our statements are but those with a condition.
    /// </summary>
    private static bool MayRetry(CqlException e, bool conditional) =>
        e switch
        {
            CqlConnectionException connection => !connection.Sent || !conditional,
            CqlServerException { Error: CqlError.Overloaded or CqlError.Bootstrapping or CqlError.Unavailable } => true,
            CqlServerException { Error: CqlError.ServerFault or CqlError.WriteTimeout or CqlError.ReadTimeout } =>
                !conditional,
            _ => false,
        };

    private async ValueTask<CqlRows> AskAsync(
        CqlConnection connection,
        CqlRequest request,
        long deadline,
        CancellationToken cancel
    )
    {
        for (var round = 1; ; round++)
        {
            var frame = await connection.SendAsync(request.Frame.Memory, deadline, cancel);
            try
            {
                return await ReadAsync(connection, request, frame, cancel);
            }
            catch (CqlServerException e)
                when (e.Error == CqlError.Unprepared && round < PrepareRounds && request.Statements.Count > 0)
            {
                CqlMetrics.Reprepared();
                foreach (var statement in request.Statements)
                    await PrepareAgainAsync(connection, statement, _time.Until(deadline), cancel);
            }
        }
    }

    private async ValueTask<CqlRows> ReadAsync(
        CqlConnection connection,
        CqlRequest request,
        Frame frame,
        CancellationToken cancel
    )
    {
        var statement = request.Statements.Count == 1 ? request.Statements[0] : null;
        var known = statement?.Known;
        var rows = ResultReader.Read(frame, ref known, out var warnings, out var kind);
        if (statement is not null)
            statement.Known = known;
        foreach (var warning in warnings)
            CqlLog.ServerWarning(_logger, warning);
        if (kind == ResultKind.SchemaChange)
            await AwaitSchemaAgreementAsync(connection, cancel);
        return rows;
    }

    private async Task<Prepared> PrepareOnAnyAsync(string cql, CancellationToken cancel)
    {
        CqlHost[] tried = [];
        while (true)
        {
            var (host, connection) = _ring.Pick(null, tried) ?? throw NoHost();
            try
            {
                return await PrepareOnAsync(connection, cql, _options.RequestTimeout, cancel);
            }
            catch (CqlException e)
                when (tried.Length < _options.Retries && MayRetry(e, conditional: false) && AnyHostUp)
            {
                CqlMetrics.Retried();
                tried = [.. tried, host];
            }
        }
    }

    private async Task PrepareAgainAsync(
        CqlConnection connection,
        CqlStatement statement,
        TimeSpan limit,
        CancellationToken cancel
    )
    {
        var prepared = await PrepareOnAsync(connection, statement.Text, limit, cancel);
        if (!prepared.Id.AsSpan().SequenceEqual(statement.Id))
            throw new CqlProtocolException(
                $"{connection.EndPoint} knows '{statement.Text}' by another id than the node that prepared it"
            );
    }

    private async Task<Prepared> PrepareOnAsync(
        CqlConnection connection,
        string cql,
        TimeSpan limit,
        CancellationToken cancel
    )
    {
        var answer = await connection.AskAsync(Requests.Prepare(Version, cql), limit, cancel);
        var reader = answer.Open(out _);
        return Prepared.Read(ref reader, Version);
    }

    private bool AnyHostUp => ReachableHosts > 0;

    private CqlNoHostException NoHost() =>
        new(
            $"No Cassandra node can be reached ({string.Join("; ", _ring.Hosts.Select(host => $"{host.EndPoint}: {host.Problem ?? "connecting"}"))}). The driver tries again by itself."
        );
}
