using System.Collections.Concurrent;
using CourseRec.Actors.Learning;
using CourseRec.Actors.Tests.Partitions;
using CourseRec.Models.Instant;
using CourseRec.Models.Interactions;
using CourseRec.Models.Sequential;

namespace CourseRec.Actors.Tests.Learning;

public sealed class TeachingTests : IDisposable
{
    private readonly DataFolder _folder = new();

    [Fact]
    public async Task A_discovery_is_taught_with_what_came_before_it()
    {
        var recorder = new Recorder();
        await using var pipeline = await Pipeline.StartAsync(_folder, examples: recorder);
        await pipeline.AppendAsync(
            new TestEvent("a", "u1", "c1", "click", 1),
            new TestEvent("b", "u1", "c2", "view", 2),
            new TestEvent("c", "u1", "c2", "click", 3),
            new TestEvent("d", "u1", "c1", "click", 4),
            new TestEvent("e", "u1", "c3", "enroll", 5),
            new TestEvent("late", "u1", "c4", "click", 2)
        );
        await pipeline.SettleAsync();
        Assert.Equal(["c1", "c1 c2", "c2 c1 c3", "c1 c4"], recorder.Taught(pipeline.Courses));
        Assert.Single(recorder.Examples.Select(example => example.User).Distinct());
        Assert.Equal(Pipeline.Start.AddSeconds(5).ToUnixTimeMilliseconds(), recorder.Examples.ElementAt(2).AcceptedAt);
    }

    [Fact]
    public async Task A_long_history_is_taught_by_its_end()
    {
        var recorder = new Recorder();
        await using var pipeline = await Pipeline.StartAsync(_folder, examples: recorder);
        await pipeline.AppendAsync([
            .. Enumerable.Range(0, 40).Select(i => new TestEvent($"e{i}", "u1", $"c{i}", "enroll", i)),
        ]);
        await pipeline.SettleAsync();
        Assert.Equal(1 + Example.MaxContext, recorder.Examples.Last().Courses.Length);
        Assert.EndsWith("c37 c38 c39", recorder.Taught(pipeline.Courses).Last());
    }

    [Fact]
    public async Task An_erased_users_examples_are_to_be_forgotten()
    {
        var recorder = new Recorder();
        await using var pipeline = await Pipeline.StartAsync(_folder, examples: recorder);
        await pipeline.AppendAsync(new TestEvent("a", "u1", "c1"), new TestEvent("b", "u2", "c1"));
        await pipeline.AppendAsync(
            Partitioner.PartitionOf("u1", 2),
            "u1",
            InteractionJson.Erasure("u1", "erase-1", Pipeline.Start.AddSeconds(10).ToUnixTimeMilliseconds())
        );
        await pipeline.SettleAsync();
        var ofU1 = recorder.Examples.Single(example => example.User == recorder.Forgotten.Single());
        Assert.Equal(2, recorder.Examples.Count);
        Assert.Single(ofU1.Courses);
    }

    [Fact]
    public async Task A_replay_teaches_and_judges_nothing_a_second_time()
    {
        var recorder = new Recorder();
        for (var life = 0; life < 3; life++)
        {
            await using var pipeline = await Pipeline.StartAsync(_folder, examples: recorder, judged: recorder);
            await pipeline.AppendAsync(new TestEvent($"e{life}", "u1", $"c{life}", "click", life));
            await pipeline.SettleAsync();
        }
        Assert.Equal([1, 2, 3], recorder.Examples.Select(example => example.Courses.Length));
        Assert.Equal(3, recorder.Events.Count);
    }

    [Fact]
    public async Task A_trained_model_serves_from_the_next_snapshot_on_beside_the_frozen_one()
    {
        await using var pipeline = await Pipeline.StartAsync(_folder);
        await pipeline.AppendAsync(new TestEvent("a", "u1", "c1"), new TestEvent("b", "u2", "c2"));
        await pipeline.SettleAsync();
        pipeline.Host.Serve(new(ModelOf("online-7", "c1", "c2", "c3"), ModelOf("online-3", "c1")));
        await Eventually.HoldsAsync(
            () => pipeline.Host.ModelVersion.StartsWith("online-7+", StringComparison.Ordinal),
            () => pipeline.Host.ModelVersion
        );
        var list = await pipeline.Host.GetRecommendationsAsync("u1", 10, LogVersion.None, default);
        Assert.StartsWith("online-7+", list.ModelVersion);
        Assert.Contains("c3", list.Items.Select(item => item.Course));
        Assert.Equal(
            ["online", "frozen+instant", "frozen", "blend", "popularity"],
            pipeline.Host.Quality.Select(quality => quality.Name)
        );
    }

    [Fact]
    public async Task The_instant_layers_learn_from_judged_events_and_go_on_from_saved_weights()
    {
        var start = InstantWeights.Start(hasSequence: false);
        IReadOnlyDictionary<string, InstantWeights> learned;
        await using (var pipeline = await Pipeline.StartAsync(_folder))
        {
            foreach (var day in Enumerable.Range(0, 2))
            {
                await pipeline.AppendAsync([
                    .. Enumerable
                        .Range(0, 100)
                        .Select(i => new TestEvent($"{day}-{i}", $"{day}-{i}", $"c{i * i % 13}", "click", i)),
                ]);
                await pipeline.SettleAsync();
                await Eventually.HoldsAsync(
                    () => pipeline.Host.Popular(1) is [{ Score: > 0 }],
                    () => string.Join(' ', pipeline.Host.Popular(10))
                );
            }
            await Eventually.HoldsAsync(
                () => pipeline.Host.InstantWeights.Values.Any(weights => !weights[0].SequenceEqual(start[0])),
                () => "No weight has moved."
            );
            learned = pipeline.Host.InstantWeights;
        }
        await using var again = Pipeline.Open(_folder);
        again.Host.Restore(learned);
        Assert.Equal(learned["instant"][2].ToArray(), again.Host.InstantWeights["instant"][2].ToArray());
    }

    public void Dispose() => _folder.Dispose();

    private static SequentialModel ModelOf(string version, params string[] courses)
    {
        var config = new SequentialConfig
        {
            Dimension = 32,
            FeedForward = 16,
            MaxLength = 10,
        };
        var values = new float[ParameterLayout.Of(config, courses.Length).Length];
        return new(new(config, courses, values), version);
    }
}
