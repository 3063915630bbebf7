using CourseRec.Cql.Errors;

namespace CourseRec.Cql.Protocol;

/// <summary>Reads an ERROR's body (native_protocol_v4.spec, 9).</summary>
internal static class ErrorReader
{
    public static CqlServerException Read(ref WireReader reader)
    {
        var error = (CqlError)reader.Int();
        var message = reader.String();
        return new(error, CountsReplicas(error) ? $"{message} ({Replicas(ref reader, error)})" : message);
    }

    private static bool CountsReplicas(CqlError error) =>
        error
            is CqlError.Unavailable
                or CqlError.WriteTimeout
                or CqlError.ReadTimeout
                or CqlError.ReadFailure
                or CqlError.WriteFailure;

    private static string Replicas(ref WireReader reader, CqlError error)
    {
        var level = (CqlConsistency)reader.Short();
        var (first, second) = (reader.Int(), reader.Int());
        // That too few are alive says first how many are needed, the others how many answered.
        var (required, received) = error == CqlError.Unavailable ? (first, second) : (second, first);
        return $"{received} of {required} replicas for {level}";
    }
}
