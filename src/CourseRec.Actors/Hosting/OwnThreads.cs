using Akka.Configuration;
using Akka.Dispatch;

namespace CourseRec.Actors.Hosting;

/// <summary>
/// Threads that a dispatcher has for itself, whatever the thread pool is busy with; they sleep while there is nothing
/// to do. (Akka's own dedicated threads spin first: with a heartbeat here and a gossip there they took 2 % of a core.)
/// The dispatcher's setting <c>own-threads</c> says how many.
/// </summary>
/// <param name="dispatcher">The dispatcher's settings.</param>
/// <param name="prerequisites">What it has of its actor system.</param>
public sealed class OwnThreads(Config dispatcher, IDispatcherPrerequisites prerequisites)
    : ExecutorServiceConfigurator(dispatcher, prerequisites)
{
    /// <summary>As a dispatcher's <c>executor</c>.</summary>
    internal static string TypeName { get; } = typeof(OwnThreads).AssemblyQualifiedName!;

    /// <inheritdoc/>
    public override ExecutorService Produce(string id) => new Executor(id, Config.GetInt("own-threads"));

    private sealed class Executor : ExecutorService
    {
        private readonly Queue<IRunnable> _due = [];
        private bool _isShutDown;

        public Executor(string id, int threads)
            : base(id)
        {
            for (var i = 1; i <= threads; i++)
                new Thread(Run) { IsBackground = true, Name = $"{id} {i}" }.Start();
        }

        public override void Execute(IRunnable run)
        {
            lock (_due)
            {
                if (_isShutDown)
                    throw new RejectedExecutionException($"The threads of {Id} have ended.");
                _due.Enqueue(run);
                Monitor.Pulse(_due);
            }
        }

        /// <summary>What is due is done still.</summary>
        public override void Shutdown()
        {
            lock (_due)
            {
                _isShutDown = true;
                Monitor.PulseAll(_due);
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
                return _due.TryDequeue(out var run) ? run : null;
            }
        }
    }
}
