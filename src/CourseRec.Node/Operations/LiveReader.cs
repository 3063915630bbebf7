using System.Text.Json;
using CourseRec.Actors.Intake;
using CourseRec.Actors.Partitions;
using CourseRec.Node.Options;
using CourseRec.Node.Push;
using CourseRec.Node.Training;
using CourseRec.Training.Online;

namespace CourseRec.Node.Operations;

/// <summary>Puts <see cref="LiveFigures"/> together.</summary>
internal sealed class LiveReader(
    SessionHost sessions,
    ShardReader shardReader,
    InteractionIntake intake,
    PushWindow pushes,
    AppliedRate rate,
    NodeOptions options,
    TimeProvider time,
    OnlineTrainer trainer,
    ModelFollower? follower = null
)
{
    public async Task<LiveFigures> ReadAsync(CancellationToken cancel)
    {
        var shards = await shardReader.ReadAsync(cancel);
        var (count, p50, p99) = pushes.Read();
        return new(
            time.GetUtcNow(),
            sessions.ModelVersion,
            new(shards.Sum(s => s.End), shards.Sum(s => s.Applied), rate.PerSecond),
            new(count, p50, p99),
            new(shards.Sum(s => s.Resident)),
            shards.Sum(s => s.Watched),
            [.. shards.Select(s => new LivePartition(s.Partition, s.End, s.Applied, s.Stored, s.Lag, s.State))],
            new(
                options.Recommend.JudgeWindow,
                [.. sessions.Quality.Select(Contender)],
                [.. sessions.QualityEver.Select(Contender)]
            ),
            Training(),
            options.Kafka.BootstrapServers is null ? null : KafkaReader.Read(),
            options.Simulation.Enabled,
            intake.Recent.Latest
        );
    }

    /// <summary>Learning here, or what is followed of it.</summary>
    private LiveTraining Training()
    {
        var here = Training(trainer.Status);
        return follower is null
            ? here
            : here with
            {
                State = "following",
                Version = follower.Version,
                Problem = follower.Problem,
            };
    }

    private static LiveTraining Training(OnlineTrainerStatus status) =>
        new(
            JsonNamingPolicy.CamelCase.ConvertName(status.State.ToString()),
            status.Problem,
            status.Version,
            status.Steps,
            status.Trained,
            status.Dropped,
            Math.Round(status.Coverage, 4),
            Round(status.FreshnessP50Ms),
            Round(status.FreshnessP99Ms),
            status.Published,
            status.Rejected,
            status.RolledBack,
            status.LastRefusal,
            status.Courses
        );

    private static double? Round(double? milliseconds) => milliseconds is { } value ? Math.Round(value, 1) : null;

    private static LiveContender Contender(ContenderQuality quality) =>
        new(
            quality.Name,
            quality.Events,
            Figure(quality, quality.HitRate10),
            Figure(quality, quality.Ndcg10),
            Figure(quality, quality.ReciprocalRank)
        );

    private static double? Figure(ContenderQuality quality, double value) =>
        quality.Events > 0 && double.IsFinite(value) ? Math.Round(value, 5) : null;
}
