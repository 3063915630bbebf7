using CourseRec.Models.Sequential;
using CourseRec.Node.Http;
using CourseRec.Training.Online;
using Microsoft.Net.Http.Headers;

namespace CourseRec.Node.Training;

/// <summary><c>/v1/model</c>: the model that this node has learned, for nodes that learn none.</summary>
internal static class ModelEndpoints
{
    public static void MapModel(this IEndpointRouteBuilder routes) =>
        routes
            .MapGet("/v1/model", Get)
            .WithTags("Operations")
            .WithSummary("The model that this node trains, as a model file")
            .WithDescription(
                "The entity tag is the model's version. Whoever names the versions that they have in If-None-Match "
                    + "is answered 304 when it is one of them."
            )
            .Produces<byte[]>(contentType: "application/octet-stream")
            .Produces(StatusCodes.Status304NotModified)
            .ProducesProblems(404);

    private static IResult Get(HttpRequest request, OnlineTrainer trainer, LearnedModelFile file)
    {
        foreach (var known in request.GetTypedHeaders().IfNoneMatch)
            trainer.GoBeyond(known.Tag.ToString().Trim('"'));
        if (file.Read() is not var (version, bytes))
            throw new ProblemException(StatusCodes.Status404NotFound, "This node has learned no model yet.");
        return TypedResults.Bytes(
            bytes,
            "application/octet-stream",
            entityTag: new EntityTagHeaderValue($"\"{Uri.EscapeDataString(version)}\"")
        );
    }
}

/// <summary>The learned model's file, made once for whoever asks.</summary>
internal sealed class LearnedModelFile(OnlineTrainer trainer)
{
    private readonly Lock _making = new();
    private (string Version, byte[] Bytes)? _last;

    public (string Version, byte[] Bytes)? Read()
    {
        lock (_making)
        {
            if (trainer.Learned is { } model && model.Version != _last?.Version)
                _last = (model.Version, SequentialModelFile.Encode(model));
            return _last;
        }
    }
}
