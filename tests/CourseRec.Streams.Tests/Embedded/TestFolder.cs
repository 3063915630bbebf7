using CourseRec.Sqlite;
using CourseRec.Streams.Embedded;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace CourseRec.Streams.Tests.Embedded;

/// <summary>A folder of its own for a test's log.</summary>
internal sealed class TestFolder : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public EmbeddedLogOptions Options => new() { Path = _folder.File("log.db"), Partitions = 2 };

    public string Log => Options.Path;

    public EmbeddedLog Open(
        EmbeddedLogOptions? options = null,
        TimeProvider? time = null,
        ILogger<EmbeddedLog>? logger = null
    ) => EmbeddedLog.Open(options ?? Options, time ?? TimeProvider.System, logger ?? NullLogger<EmbeddedLog>.Instance);

    /// <summary>Another connection to the log's file.</summary>
    public SqliteConnection Connect()
    {
        var connection = new SqliteConnection($"Data Source={Log};Pooling=False");
        connection.Open();
        return connection;
    }

    /// <summary>Runs a statement on the log's file.</summary>
    public void Run(string sql)
    {
        using var connection = Connect();
        connection.Run(sql);
    }

    public void Dispose() => _folder.Dispose();
}
