using System.Buffers;

namespace CourseRec.Node.Http;

/// <summary>A JSON request body in a rented buffer, given back when disposed of.</summary>
internal readonly struct RequestBody : IDisposable
{
    /// <summary>What a body must be.</summary>
    public const string MustBeJson = "The body must be JSON, not compressed, with Content-Type: application/json.";

    private const int SmallestBuffer = 4096;
    private readonly byte[] _buffer;

    private RequestBody(byte[] buffer, int length)
    {
        _buffer = buffer;
        Json = buffer.AsMemory(0, length);
    }

    /// <summary>The body.</summary>
    public ReadOnlyMemory<byte> Json { get; }

    /// <summary>Reads the body whole. Its size is limited by the server.</summary>
    /// <exception cref="ProblemException">It does not claim to be JSON (415).</exception>
    public static async ValueTask<RequestBody> ReadAsync(HttpContext context)
    {
        var request = context.Request;
        if (!request.HasJsonContentType() || request.Headers.ContentEncoding.Count > 0)
            throw new ProblemException(StatusCodes.Status415UnsupportedMediaType, MustBeJson);
        var buffer = ArrayPool<byte>.Shared.Rent(SmallestBuffer);
        var length = 0;
        try
        {
            while (true)
            {
                if (length == buffer.Length)
                    buffer = Grow(buffer, request.ContentLength);
                var read = await request.Body.ReadAsync(buffer.AsMemory(length), context.RequestAborted);
                if (read == 0)
                    return new(buffer, length);
                length += read;
            }
        }
        catch
        {
            ArrayPool<byte>.Shared.Return(buffer);
            throw;
        }
    }

    /// <summary>Gives the buffer back: nothing may refer to <see cref="Json"/> any more.</summary>
    public void Dispose() => ArrayPool<byte>.Shared.Return(_buffer);

    private static byte[] Grow(byte[] buffer, long? announced)
    {
        var grown = ArrayPool<byte>.Shared.Rent((int)Math.Max(buffer.Length * 2L, (announced ?? 0) + 1));
        buffer.CopyTo(grown, 0);
        ArrayPool<byte>.Shared.Return(buffer);
        return grown;
    }
}
