using Akka.Configuration;
using Akka.Dispatch;

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
              seed = {{seed}}
              throughput = 1
            }
            """
        );

    public override ExecutorService Produce(string id) => new Executor(id, new Random(Config.GetInt("seed")));

    private sealed class Executor : ExecutorService
    {
        private readonly List<IRunnable> _due = [];
        private readonly Random _random;
        private bool _isShutDown;

        public Executor(string id, Random random)
            : base(id)
        {
            _random = random;
            new Thread(Run) { IsBackground = true, Name = id }.Start();
        }

        public override void Execute(IRunnable run)
        {
            lock (_due)
            {
                if (_isShutDown)
                    throw new RejectedExecutionException($"The thread of {Id} has ended.");
                _due.Add(run);
                Monitor.Pulse(_due);
            }
        }

        public override void Shutdown()
        {
            lock (_due)
            {
                _isShutDown = true;
                Monitor.Pulse(_due);
            }
        }

        private void Run()
        {
            while (Next() is { } run)
                run.Run();
        }

        private IRunnable? Next()
        {
            lock (_due)
            {
                while (_due.Count == 0 && !_isShutDown)
                    Monitor.Wait(_due);
                if (_due.Count == 0)
                    return null;
                var place = _random.Next(_due.Count);
                var next = _due[place];
                _due.RemoveAt(place);
                return next;
            }
        }
    }
}
