using System.Diagnostics;
using System.Globalization;
using CourseRec.Actors.Learning;
using CourseRec.Actors.Sessions;
using CourseRec.Benchmarks.Online.Analysis;
using CourseRec.Benchmarks.Online.Live;
using CourseRec.Benchmarks.Online.Streams;
using CourseRec.Cli;
using CourseRec.Cli.Output;
using CourseRec.Models.Sequential;
using CourseRec.Training.Data;
using CourseRec.Training.Native;
using Spectre.Console;

namespace CourseRec.Benchmarks.Online;

/// <summary>
/// Whether learning online pays: a stream through the live path, one model frozen in the middle, every contender
/// judged on the same events before they are learned from.
/// </summary>
internal sealed class OnlineBench(OnlineBenchSettings settings, IAnsiConsole console)
{
    private static readonly TimeSpan LineInterval = TimeSpan.FromSeconds(15);

    /// <summary>Runs it and writes the curve.</summary>
    /// <exception cref="CliException">It can't be measured on this machine or data; the message says why.</exception>
    /// <exception cref="InteractionDataException">The file can't be used; the message says why.</exception>
    public async Task<OnlineReport> RunAsync(CancellationToken cancel)
    {
        if (TrainingRuntime.Problem is { } problem)
            throw new CliException(problem);
        var batch = ReadBatchModel();
        var data = settings.File is { } file
            ? new HeldBack(file, InteractionDataset.Read(file), settings.Seed, settings.Events)
            : null;
        IBenchStream stream = data is null ? new DriftStream(settings) : new DatasetStream(settings.File!, data);
        var report = await FeedAsync(stream, data, batch, cancel);
        await File.WriteAllTextAsync(settings.Out, new CurveChart(report).ToSvg(), cancel);
        return report;
    }

    private SavedSequentialModel? ReadBatchModel() =>
        File.Exists(settings.BatchModel) ? SequentialModelFile.Read(settings.BatchModel) : null;

    private async Task<OnlineReport> FeedAsync(
        IBenchStream stream,
        HeldBack? data,
        SavedSequentialModel? batch,
        CancellationToken cancel
    )
    {
        await using var pipeline = await OnlinePipeline.StartAsync(settings, stream.Events, cancel);
        var feeder = new StreamFeeder(pipeline, stream);
        var watch = Stopwatch.StartNew();
        var work = FeedAsync(feeder, pipeline, stream, cancel);
        await new ProgressDisplay(console, TimeProvider.System, LineInterval).RunAsync(
            "stream",
            () => Progress(feeder, pipeline, stream),
            work
        );
        var marks = await work;
        var seconds = watch.Elapsed.TotalSeconds;
        var learning = pipeline.Trainer.Status;
        await pipeline.Trainer.StopAsync();
        var analysis = new StreamAnalysis(pipeline.Judged, marks.LastFrom, settings.Seed);
        return new(
            stream.Name,
            feeder.Sent,
            pipeline.Judged.Count,
            marks.FrozenAt,
            marks.LastFrom,
            settings.Seed,
            Environment.ProcessorCount,
            seconds,
            learning,
            analysis.LastPart(),
            Findings(analysis, pipeline, marks),
            data is null ? null : await CompareAsync(data, pipeline, batch, cancel),
            analysis.Curve()
        );
    }

    private static async Task<Marks> FeedAsync(
        StreamFeeder feeder,
        OnlinePipeline pipeline,
        IBenchStream stream,
        CancellationToken cancel
    )
    {
        using var items = stream.Read().GetEnumerator();
        await feeder.FeedAsync(items, stream.Events / 2, cancel);
        await pipeline.FreezeAsync(cancel);
        var (frozenAt, old) = (pipeline.Judged.Count, pipeline.Examples.HeldOut);
        await feeder.FeedAsync(items, stream.Events / 4 * 3, cancel);
        var lastFrom = pipeline.Judged.Count;
        await feeder.FeedAsync(items, stream.Events, cancel);
        return new(frozenAt, lastFrom, old);
    }

    private List<Finding> Findings(StreamAnalysis analysis, OnlinePipeline pipeline, Marks marks)
    {
        var findings = new List<Finding>();
        var frozen = new SequentialCourseScorer("frozen", pipeline.Models.Last.Frozen!, pipeline.Courses);
        Add("online / frozen", 0.10, analysis.Compare("online", "frozen"));
        Add(
            "online / frozen+instant, courses known at the freeze",
            0.03,
            analysis.Compare("online", "frozen+instant", frozen.Knows)
        );
        Add(
            "old slice, never trained: final / frozen transformer",
            -0.02,
            new Forgetting(pipeline.Models.Last, pipeline.Courses, settings.Seed).Measure(marks.Old)
        );
        return findings;

        void Add(string name, double goal, Comparison? found)
        {
            if (found is not null)
                findings.Add(new(name, goal, found));
        }
    }

    private async Task<BatchComparison> CompareAsync(
        HeldBack data,
        OnlinePipeline pipeline,
        SavedSequentialModel? batch,
        CancellationToken cancel
    )
    {
        if (batch is null)
        {
            var users = data.Data.Users;
            var peer = new BatchPeer(settings, data, user => pipeline.Trainer.IsHeldOut(StableHash.Of(users[user])));
            batch = await peer.TrainAsync(console, cancel);
            if (settings.BatchModel is { } path)
                SequentialModelFile.Write(path, batch);
        }
        return BatchComparison.Measure(
            data,
            pipeline.Models.Last.Online!,
            pipeline.Snapshot.Serving,
            pipeline.Courses,
            batch
        );
    }

    private static ProgressState Progress(StreamFeeder feeder, OnlinePipeline pipeline, IBenchStream stream)
    {
        var status = pipeline.Trainer.Status;
        var quality = string.Join(", ", pipeline.Quality.Select(q => Text($"{q.Name} {q.Ndcg10:0.000}")));
        return new(
            (double)feeder.Sent / stream.Events,
            Text($"{feeder.Sent:N0} of {stream.Events:N0} events, {status.Trained:N0} trained, NDCG@10 {quality}")
        );
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    /// <summary>Where the parts of the stream end, in judged events, and the held-out sequences of the first.</summary>
    private sealed record Marks(int FrozenAt, int LastFrom, IReadOnlyList<Example> Old);
}
