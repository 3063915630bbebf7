using CourseRec.Actors.Partitions;
using CourseRec.Actors.Ports;
using CourseRec.Node.Options;
using CourseRec.Sqlite;
using CourseRec.Streams.Kafka;
using Microsoft.AspNetCore.Connections;

namespace CourseRec.Node.Hosting;

/// <summary>What keeps a node from starting, in one line.</summary>
public static class StartupErrors
{
    /// <summary>
    /// One clear line for an error that an operator can do something about; null for any other (a bug: let it
    /// through).
    /// </summary>
    public static string? Explain(Exception error) =>
        error switch
        {
            AggregateException { InnerExceptions: [var only] } => Explain(only),
            OptionsException
            or DataDirectoryException
            or SqliteFileException
            or StoreMismatchException
            or PartitionStoppedException
            or KafkaSettingsException
            or InvalidDataException
            or LogUnavailableException
            or StoreUnavailableException => OneLine(error.Message),
            IOException { InnerException: AddressInUseException } =>
                $"{OneLine(error.Message).TrimEnd('.')}. Stop what listens there, or choose another address with "
                    + "--urls.",
            System.Net.Sockets.SocketException => $"can't listen: {OneLine(error.Message)}",
            IOException or UnauthorizedAccessException or DllNotFoundException => OneLine(error.Message),
            _ => null,
        };

    private static string OneLine(string message) => message.ReplaceLineEndings(" ");
}
