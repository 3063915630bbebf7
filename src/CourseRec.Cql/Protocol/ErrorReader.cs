using CourseRec.Cql.Errors;

namespace CourseRec.Cql.Protocol;

/// <summary>Reads an ERROR's body (native_protocol_v4.spec, 9) into the exception that it means.</summary>
internal static class ErrorReader
{
    public static CqlServerException Read(ref WireReader reader)
    {
        var code = reader.Int();
        var message = reader.String();
        return code switch
        {
            0x0000 => new CqlServerFaultException(message),
            0x000A => new CqlProtocolViolationException(message),
            0x0100 => new CqlAuthenticationException(message),
            0x1000 => new CqlUnavailableException(message, Level(ref reader), reader.Int(), reader.Int()),
            0x1001 => new CqlOverloadedException(message),
            0x1002 => new CqlBootstrappingException(message),
            0x1003 => new CqlTruncateException(message),
            0x1100 or 0x1200 or 0x1300 or 0x1500 => Replicas(ref reader, code, message),
            0x2000 => new CqlSyntaxException(message),
            0x2100 => new CqlUnauthorizedException(message),
            0x2200 => new CqlInvalidException(message),
            0x2300 => new CqlConfigException(message),
            0x2400 => new CqlAlreadyExistsException(message, reader.String(), reader.String()),
            0x2500 => new CqlUnpreparedException(message),
            _ => new CqlServerException(code, message),
        };
    }

    private static CqlReplicaException Replicas(ref WireReader reader, int code, string message)
    {
        var level = Level(ref reader);
        var (received, required) = (reader.Int(), reader.Int());
        return code switch
        {
            0x1100 => new CqlWriteTimeoutException(message, level, required, received, reader.String()),
            0x1200 => new CqlReadTimeoutException(message, level, required, received, reader.Byte() != 0),
            0x1300 => new CqlReadFailureException(message, level, required, received, reader.Int()),
            _ => new CqlWriteFailureException(message, level, required, received, reader.Int()),
        };
    }

    private static CqlConsistency Level(ref WireReader reader) => (CqlConsistency)reader.Short();
}
