using System.Net;
using Microsoft.Extensions.Logging;

namespace CourseRec.Cql;

/// <summary>What the driver tells the operator.</summary>
internal static partial class CqlLog
{
    [LoggerMessage(
        500,
        LogLevel.Information,
        "Connected to Cassandra cluster {Cluster} (release {Release}, native protocol {Version}) through "
            + "{EndPoint}: {Hosts} nodes in data centre {DataCentre}"
    )]
    public static partial void Connected(
        ILogger logger,
        string cluster,
        string release,
        int version,
        IPEndPoint endPoint,
        int hosts,
        string dataCentre
    );

    [LoggerMessage(
        501,
        LogLevel.Warning,
        "Cassandra node {EndPoint} is away: {Reason} It is tried again until it is back"
    )]
    public static partial void HostDown(ILogger logger, IPEndPoint endPoint, string reason);

    [LoggerMessage(502, LogLevel.Information, "Cassandra node {EndPoint} is back")]
    public static partial void HostUp(ILogger logger, IPEndPoint endPoint);

    [LoggerMessage(503, LogLevel.Information, "Cassandra node {EndPoint} has joined data centre {DataCentre}")]
    public static partial void HostAdded(ILogger logger, IPEndPoint endPoint, string dataCentre);

    [LoggerMessage(504, LogLevel.Information, "Cassandra node {EndPoint} has left the cluster")]
    public static partial void HostRemoved(ILogger logger, IPEndPoint endPoint);

    [LoggerMessage(505, LogLevel.Warning, "Cassandra warns: {Warning}")]
    public static partial void ServerWarning(ILogger logger, string warning);

    [LoggerMessage(
        506,
        LogLevel.Warning,
        "The nodes of the Cassandra cluster can't be read now, the known ones are used: {Reason}"
    )]
    public static partial void TopologyUnknown(ILogger logger, string reason);

    [LoggerMessage(
        507,
        LogLevel.Warning,
        "The Cassandra cluster uses {Partitioner}: requests go to any node, as only Murmur3Partitioner's tokens "
            + "are known here"
    )]
    public static partial void OtherPartitioner(ILogger logger, string partitioner);
}
