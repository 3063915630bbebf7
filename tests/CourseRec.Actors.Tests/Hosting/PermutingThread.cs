using Akka.Configuration;
using Akka.Dispatch;
using CourseRec.Actors.Hosting;

namespace CourseRec.Actors.Tests.Hosting;

/// <summary>
/// One thread on which the actors have their turns, one message each, in an order that a seed decides. What Akka
/// promises stays: messages of one actor to another are in order.
/// </summary>
/// <param name="dispatcher">The dispatcher's settings.</param>
/// <param name="prerequisites">What it has of its actor system.</param>
public sealed class PermutingThread(Config dispatcher, IDispatcherPrerequisites prerequisites)
    : ExecutorServiceConfigurator(dispatcher, prerequisites)
{
    /// <summary>The settings that have all actors run on one.</summary>
    public static Config Of(int seed) =>
        ConfigurationFactory.ParseString(
            $$"""
            akka.actor.default-dispatcher {
              executor = "{{typeof(PermutingThread).AssemblyQualifiedName}}"
              own-threads = 1
              seed = {{seed}}
              throughput = 1
            }
            """
        );

    public override ExecutorService Produce(string id) =>
        new Executor(new OwnThreads(Config, Prerequisites).Produce(id), new Random(Config.GetInt("seed")));

    private sealed class Executor(ExecutorService thread, Random random) : ExecutorService(thread.Id)
    {
        private readonly List<IRunnable> _due = [];

        public override void Execute(IRunnable run)
        {
            lock (_due)
            {
                thread.Execute(new ActionRunnable(RunOne));
                _due.Add(run);
            }
        }

        public override void Shutdown() => thread.Shutdown();

        private void RunOne()
        {
            IRunnable run;
            lock (_due)
            {
                var place = random.Next(_due.Count);
                run = _due[place];
                _due.RemoveAt(place);
            }
            run.Run();
        }
    }
}
