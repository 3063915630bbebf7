using Akka.Actor;
using CourseRec.Actors;
using CourseRec.Actors.Hosting;
using CourseRec.Actors.Partitions;
using CourseRec.Benchmarks.Harness;

namespace CourseRec.Benchmarks.Pipeline;

/// <summary>
/// Bytes that a user takes more when active: the same users of a host's one partition, once a quarter of them and once
/// all with an actor. The session is packed in both. Beside it, what Akka takes for an actor that has nothing.
/// </summary>
internal static class ActiveMemoryBench
{
    /// <summary>Weighs so many users.</summary>
    public static async Task<ActiveMemoryResult> RunAsync(int users, CancellationToken cancel)
    {
        using var folder = new TemporaryFolder();
        string[] names = [.. Enumerable.Range(0, users).Select(i => $"learner-{i}")];
        await using (var filled = await BenchHost.StartAloneAsync(folder, new(), cancel))
            await filled.FillAsync(names, 1, TimeSpan.Zero, cancel); // Of two, the counters' rows would weigh as well.
        await WeighAsync(folder, names, mostActive: users, cancel); // What the process keeps from then on is no user's.
        var few = await WeighAsync(folder, names, mostActive: users / 4, cancel);
        var all = await WeighAsync(folder, names, mostActive: users, cancel);
        return new(users, (all - few) / (users - users / 4), await WeighEmptyAsync(users));
    }

    private static async Task<double> WeighAsync(
        TemporaryFolder folder,
        string[] users,
        int mostActive,
        CancellationToken cancel
    )
    {
        await using var host = await BenchHost.StartAloneAsync(folder, new() { MaxActiveUsers = mostActive }, cancel);
        foreach (var user in users)
            await host.Sessions.GetSessionAsync(user, LogVersion.None, cancel);
        return MemoryBench.Weigh();
    }

    private static async Task<double> WeighEmptyAsync(int actors)
    {
        var system = ActorSystem.Create("empty", ActorsConfig.Config);
        var parent = system.ActorOf(Props.Create<EmptyActor>());
        await (await parent.Ask<IActorRef>(1)).Ask<IActorRef>(0); // What the first one takes with it.
        var before = MemoryBench.Weigh();
        await (await parent.Ask<IActorRef>(actors)).Ask<IActorRef>(0);
        var bytes = (double)(MemoryBench.Weigh() - before) / actors;
        await system.Terminate();
        return bytes;
    }

    /// <summary>Told a number, it gets so many children, and answers with the last.</summary>
    private sealed class EmptyActor : UntypedActor
    {
        private static readonly Props Child = Props.Create<EmptyActor>().WithMailbox(ActorsConfig.LeanMailbox);

        protected override void OnReceive(object message)
        {
            var last = Self;
            for (var i = 0; i < (int)message; i++)
                last = Context.ActorOf(Child);
            Sender.Tell(last);
        }
    }
}

/// <summary>Active users.</summary>
/// <param name="Users">How many.</param>
/// <param name="BytesMore">Managed heap bytes of one more than at rest.</param>
/// <param name="BytesOfEmpty">Of an actor that has nothing, the limit.</param>
internal sealed record ActiveMemoryResult(int Users, double BytesMore, double BytesOfEmpty);
