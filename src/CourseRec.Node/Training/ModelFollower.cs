using System.Net;
using System.Net.Http.Headers;
using CourseRec.Actors.Hosting;
using CourseRec.Actors.Partitions;
using CourseRec.Actors.Ports;
using CourseRec.Models.Sequential;
using CourseRec.Node.Cluster;
using CourseRec.Node.Hosting;
using CourseRec.Node.Options;
using CourseRec.Training.Online;

namespace CourseRec.Node.Training;

/// <summary>
/// Serves the model of a node that trains: rather of a trainer apart, which learns from all events, than of one with
/// partitions of its own; of the one with the smallest id that answers, and goes on with it while it does. Only ever a
/// higher number is taken, so that a trainer that starts again from its last checkpoint takes nobody back. While no
/// trainer answers the last model serves on; it is kept in the data folder.
/// </summary>
internal sealed class ModelFollower(
    SessionHost sessions,
    ClusterMembers cluster,
    DataDirectory directory,
    NodeOptions options,
    TimeProvider time,
    ILogger<ModelFollower> logger
) : BackgroundService
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private readonly HttpClient _http = new(
        new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseProxy = false,
            ConnectTimeout = Patience / 5,
        }
    )
    {
        Timeout = Patience,
        MaxResponseContentBufferSize = SequentialModelFile.MaxBytes,
    };
    private string? _trainer;
    private string? _passedOver;
    private string? _refused;

    /// <summary>Why no trainer's model can be had now; null when one can.</summary>
    public string? Problem { get; private set; }

    /// <summary>The version of the model that serves; null before the first.</summary>
    public string? Version { get; private set; }

    private string Kept => Path.Combine(directory.ModelPath, "followed.model");

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(directory.ModelPath);
        try
        {
            if (File.Exists(Kept))
                Serve(SequentialModelFile.Read(Kept));
        }
        catch (InvalidDataException e)
        {
            NodeLog.KeptModelUnusable(logger, e.Message);
        }
        await base.StartAsync(cancellationToken);
    }

    public override void Dispose()
    {
        base.Dispose();
        _http.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Training.PublishEvery, time);
        do await FollowAsync(stoppingToken);
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task FollowAsync(CancellationToken stop)
    {
        var problem = "no node with the role trainer is in the cluster";
        var trainers = (await cluster.AskAsync(stop))
            .Skip(1)
            .Select(member => member.Description)
            .OfType<NodeDescription>()
            .Where(node => node is { Url: not null } && node.Roles.Contains(NodeRole.Trainer));
        foreach (
            var trainer in trainers
                .OrderBy(node => node.Roles.Contains(NodeRole.Session))
                .ThenByDescending(node => node.Id == _trainer)
                .ThenBy(node => node.Id, StringComparer.Ordinal)
        )
        {
            var (id, url) = (trainer.Id, new Uri(trainer.Url!));
            problem = await FetchAsync(url, stop);
            if (problem is null)
            {
                if (_trainer != id)
                    NodeLog.FollowsTrainer(logger, id, url);
                (_trainer, Problem) = (id, null);
                return;
            }
            problem = $"{id} at {url}: {problem}";
        }
        if (Problem is null)
            NodeLog.NoTrainer(logger, Version ?? "none", problem!);
        (_trainer, Problem) = (null, problem);
    }

    /// <summary>Takes a trainer's model, if it is newer. Answers what was wrong.</summary>
    private async Task<string?> FetchAsync(Uri trainer, CancellationToken stop)
    {
        using var question = new HttpRequestMessage(HttpMethod.Get, new Uri(trainer, "/v1/model"));
        foreach (var known in new[] { Version, _passedOver }.OfType<string>())
            question.Headers.IfNoneMatch.Add(new EntityTagHeaderValue($"\"{Uri.EscapeDataString(known)}\""));
        try
        {
            using var answer = await _http.SendAsync(question, stop);
            if (answer.StatusCode == HttpStatusCode.NotModified)
                return null;
            if (answer.StatusCode != HttpStatusCode.OK)
                return $"it answered {(int)answer.StatusCode}";
            Take(await answer.Content.ReadAsByteArrayAsync(stop));
            return null;
        }
        catch (InvalidDataException e)
        {
            if (_refused != e.Message)
                NodeLog.ModelRefused(logger, trainer, e.Message);
            return _refused = e.Message;
        }
        catch (Exception e)
            when (e is HttpRequestException or IOException or UnauthorizedAccessException
                || (e is OperationCanceledException && !stop.IsCancellationRequested)
            )
        {
            return e.Message;
        }
    }

    private void Take(byte[] bytes)
    {
        var model = SequentialModelFile.Decode(bytes, "/v1/model");
        if (Version is { } serving && OnlineVersion.NumberOf(model.Version) <= OnlineVersion.NumberOf(serving))
        {
            _passedOver = model.Version;
            return;
        }
        Serve(model);
        SequentialModelFile.Write(Kept, model);
    }

    private void Serve(SavedSequentialModel model)
    {
        sessions.Serve(new(new SequentialModel(model.Parameters, model.Version), null));
        Version = model.Version;
    }
}
