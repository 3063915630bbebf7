using System.Net;
using System.Text.Json;
using CourseRec.SystemTests.Harness;

namespace CourseRec.SystemTests.Cluster;

/// <summary>Roles apart: nodes that serve count for one another, and serve the model of one that only trains.</summary>
[Collection(ClusterCollection.Name)]
public sealed class TrainerTests(RoleCluster cluster) : IClassFixture<RoleCluster>
{
    private const string Away = "No trainer's model can be had";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    private readonly string _run = $"r{Guid.NewGuid():n}"[..7];

    private NodeProcess A => cluster.Nodes["a"];

    private NodeProcess B => cluster.Nodes["b"];

    [Fact]
    public async Task Every_node_ranks_by_what_all_have_counted_also_after_a_kill()
    {
        await TakeAsync("first", 0, 30);
        await AgreedAsync("30 first");
        await TakeAsync("second", 30, 10);
        await AgreedAsync("30 first, 10 second");

        Assert.Equal(137, await cluster.EndAsync("a", Signals.Kill));
        await cluster.SettledAsync("b");
        await AgreedAsync("30 first, 10 second");
        await TakeAsync("third", 40, 20);
        await cluster.StartServingAsync("a");
        await cluster.SettledAsync("a", "b");
        await AgreedAsync("30 first, 20 third, 10 second");
    }

    [Fact]
    public async Task Of_two_nodes_either_serves_everybody_when_the_other_is_killed()
    {
        string[] users = [.. Enumerable.Range(0, 16).Select(i => $"{_run}two{i}")];
        var written = 0;
        foreach (var (killed, left) in new[] { ("a", "b"), ("b", "a") })
            written = await SurvivesAsync(killed, left, users, written);
    }

    [Fact]
    public async Task The_nodes_serve_the_trainers_model_and_go_on_when_it_dies_and_comes_back()
    {
        await using var learners = new Learners(A.Url);
        var trainer = await cluster.StartTrainerAsync("t");
        var number = await FollowedAsync("t", atLeast: 1);
        await ItServesNobodyAsync(trainer, learners);
        await PushedAsync(A, learners.Latest);
        await PushedAsync(B, learners.Latest);
        await WrittenAsync(Path.Combine(cluster.FolderOf("t"), "model", "online.state"));

        var (saidBefore, numbers) = (A.LinesWith(Away).Length, new Numbers());
        Assert.Equal(137, await cluster.EndAsync("t", Signals.Kill));
        await Eventually.BecomesAsync(
            () => Task.FromResult(A.LinesWith(Away).Length),
            said => said > saidBefore,
            "a says that the trainer is away"
        );
        var last = await numbers.TakeAsync(A, B);
        Assert.True(last >= number, $"{last} after {number}");
        await PushedAsync(A, learners.Latest);
        Assert.Equal(0, await cluster.EndAsync("b", Signals.Terminate));
        await cluster.StartServingAsync("b");
        await cluster.SettledAsync("a", "b");
        Assert.Equal(last, await numbers.TakeAsync(A, B));
        Assert.Empty(cluster.Ends);
        Assert.Equal(saidBefore + 1, A.LinesWith(Away).Length);

        await cluster.StartTrainerAsync("t");
        await Eventually.BecomesAsync(
            () => numbers.TakeAsync(A, B),
            newer => newer > last,
            $"a newer model than {last} serves",
            Patience
        );
        await FollowedAsync("t", atLeast: last + 1);
        await learners.EndAsync();
        await cluster.EndAndVerifyAsync();
    }

    [Fact]
    public async Task What_is_no_whole_model_is_refused_and_said_once()
    {
        var port = FreePorts.One();
        await using var learners = new Learners(A.Url);
        var trainer = await cluster.StartTrainerAsync("spoilt", "--advertise", $"http://127.0.0.1:{port}");
        using (var proxy = new TrainerProxy(port, trainer.Url) { Spoil = bytes => bytes[..(bytes.Length / 2)] })
        {
            await RefusedAsync(proxy, "it is damaged or cut short");
            proxy.Spoil = _ => "<html>404</html>"u8.ToArray();
            await RefusedAsync(proxy, "it does not begin as a CourseRec model does");
            proxy.Spoil = bytes => [.. bytes[..16], 99, .. bytes[17..]];
            await RefusedAsync(proxy, "it has format 99");
            proxy.Spoil = bytes => bytes;
            await FollowedAsync("spoilt", atLeast: 1);
        }
        Assert.Equal(0, await cluster.EndAsync("spoilt", Signals.Terminate));
    }

    /// <summary>Kills a node while users do something; the other one serves them. Answers their events.</summary>
    private async Task<int> SurvivesAsync(string killed, string left, string[] users, int written)
    {
        var survivor = cluster.Nodes[left];
        await using (var pulse = new Pulse(survivor.Url, users))
        {
            Assert.Equal(137, await cluster.EndAsync(killed, Signals.Kill));
            await cluster.SettledAsync(left);
            written += await pulse.EndAsync();
        }
        using var client = new NodeClient(survivor.Url);
        foreach (var user in users)
            await Eventually.BecomesAsync(
                () => client.TrySessionAsync(user),
                session => session?.Applied == written,
                $"{left} serves {user} with {written} events"
            );
        await cluster.StartServingAsync(killed);
        await cluster.SettledAsync("a", "b");
        return written;
    }

    /// <summary>New users take a course, each after another of the run's.</summary>
    private async Task TakeAsync(string course, int from, int count)
    {
        using var client = new NodeClient(B.Url);
        var now = TimeProvider.System.GetUtcNow();
        foreach (var user in Enumerable.Range(from, count).Select(i => $"{_run}u{i}"))
            await client.PostAsync(
                [
                    new($"{user}-1", user, $"{_run}-begin", "enroll", now),
                    new($"{user}-2", user, $"{_run}-{course}", "enroll", now),
                ],
                CancellationToken.None
            );
    }

    /// <summary>
    /// Every node that runs has counted so many to have taken each course, by what it says is popular and similar.
    /// </summary>
    private Task AgreedAsync(string counted) =>
        Eventually.BecomesAsync(
            async () =>
            {
                var seen = new List<string>();
                foreach (var node in cluster.Nodes.Values)
                foreach (var path in new[] { "v1/popular?count=100", $"v1/courses/{_run}-begin/similar?count=10" })
                    seen.Add(await CountedAsync(node, path));
                return string.Join(" | ", seen);
            },
            seen => seen.Split(" | ").All(one => one == counted),
            $"every node has counted {counted}"
        );

    /// <summary>The run's courses, each with its part of those who took one, as a number of all.</summary>
    private async Task<string> CountedAsync(NodeProcess node, string path)
    {
        using var client = new NodeClient(node.Url);
        var items = (await client.GetAsync(path)).GetProperty("items").EnumerateArray();
        var ours = items
            .Select(item => (Course: item.GetProperty("course").GetString()!, Score: Score(item)))
            .Where(item => item.Course.StartsWith($"{_run}-", StringComparison.Ordinal))
            .Select(item => (Name: item.Course[(_run.Length + 1)..], item.Score))
            .Where(item => item.Name != "begin")
            .ToArray();
        var least = ours.Length == 0 ? 1 : ours.Min(item => item.Score) / (ours.Length == 1 ? 30 : 10);
        return string.Join(
            ", ",
            ours.OrderByDescending(item => item.Score).Select(item => $"{Math.Round(item.Score / least)} {item.Name}")
        );
    }

    private static double Score(JsonElement item) => item.GetProperty("score").GetDouble();

    /// <summary>
    /// Waits until both nodes serve models of a trainer's present life, as each of them and the cluster's report say.
    /// Answers the lowest number seen: entries of the directory are seconds old.
    /// </summary>
    private async Task<int> FollowedAsync(string trainer, int atLeast)
    {
        var seen = await Eventually.BecomesAsync(
            () => ServedAsync(trainer),
            served =>
                served.Length == 5
                && served.All(version => version?.StartsWith("online-", StringComparison.Ordinal) == true)
                && served.Select(version => version!.Split('-')[1]).Distinct().Count() == 1
                && served.Min(version => TestTraining.NumberOf(version!)) >= atLeast,
            $"a and b serve {trainer}'s model",
            Patience
        );
        return seen.Min(version => TestTraining.NumberOf(version!));
    }

    private async Task<string?[]> ServedAsync(string trainer)
    {
        using var a = new NodeClient(A.Url);
        using var b = new NodeClient(B.Url);
        var nodes = (await a.GetAsync("v1/cluster")).GetProperty("nodes").EnumerateArray();
        return
        [
            (await a.TrainingAsync()).Version,
            (await b.TrainingAsync()).Version,
            .. nodes.Where(node => IdIs(node, "a") || IdIs(node, "b") || IdIs(node, trainer)).Select(Model),
        ];
    }

    private static bool IdIs(JsonElement node, string id) => node.GetProperty("id").GetString() == id;

    private static string Model(JsonElement node) => node.GetProperty("modelVersion").GetString()!.Split('+')[0];

    /// <summary>
    /// The trainer is in the cluster's report without a partition, and answers for a user all the same: it asks, as
    /// any node does.
    /// </summary>
    private async Task ItServesNobodyAsync(NodeProcess trainer, Learners learners)
    {
        using var client = new NodeClient(trainer.Url);
        var nodes = (await client.GetAsync("v1/cluster")).GetProperty("nodes").EnumerateArray();
        var itself = nodes.Single(node => IdIs(node, "t"));
        Assert.Equal("trainer", Assert.Single(itself.GetProperty("roles").EnumerateArray()).GetString());
        Assert.Empty(itself.GetProperty("partitions").EnumerateArray());
        Assert.Equal("learning", (await client.TrainingAsync()).State);
        using var served = new NodeClient(A.Url);
        Assert.Equal("following", (await served.TrainingAsync()).State);
        var user = learners.Latest;
        await Eventually.BecomesAsync(
            () => client.TrySessionAsync(user),
            session => session?.Applied == Learners.Events,
            "the trainer answers for a user whom another node serves"
        );
        Assert.Equal(HttpStatusCode.NotFound, await served.StatusAsync("v1/model"));
    }

    /// <summary>A list that is pushed names a model that was learned online.</summary>
    private static async Task PushedAsync(NodeProcess node, string user)
    {
        await using var watcher = await HubClient.ConnectAsync(node.Url, user);
        await watcher.InvokeAsync("Subscribe", 5);
        var list = await watcher.NextAsync();
        Assert.StartsWith("online-", list.GetProperty("modelVersion").GetString(), StringComparison.Ordinal);
        Assert.Equal(5, list.GetProperty("items").GetArrayLength());
    }

    private Task RefusedAsync(TrainerProxy proxy, string reason) =>
        Eventually.BecomesAsync(
            async () =>
            {
                var models = proxy.Models;
                await Eventually.BecomesAsync(
                    () => Task.FromResult(proxy.Models),
                    now => now >= models + 4,
                    "the trainer's newer models are asked for",
                    Patience
                );
                return A.LinesWith("is refused, and the last model serves on")
                    .Where(line => line.Contains(reason, StringComparison.Ordinal))
                    .ToArray();
            },
            said => said.Length == 1,
            $"a says once: {reason}"
        );

    private static Task WrittenAsync(string path) =>
        Eventually.BecomesAsync(() => Task.FromResult(File.Exists(path)), there => there, $"{path} is there");

    /// <summary>The numbers of the models that nodes serve, which never go back.</summary>
    private sealed class Numbers
    {
        private readonly Dictionary<Uri, int> _last = [];

        /// <summary>The lowest that serves now.</summary>
        public async Task<int> TakeAsync(params NodeProcess[] nodes)
        {
            foreach (var node in nodes)
            {
                using var client = new NodeClient(node.Url);
                var number = (await client.TrainingAsync()).Number;
                Assert.True(number >= _last.GetValueOrDefault(node.Url), $"{node.Url} went back to {number}");
                _last[node.Url] = number;
            }
            return nodes.Min(node => _last[node.Url]);
        }
    }
}
