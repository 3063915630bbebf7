using CourseRec.Actors.Ports;
using CourseRec.Actors.Recommendations;

namespace CourseRec.Actors.Shards;

/// <summary>What a shard's mailbox holds.</summary>
internal abstract record ShardMessage
{
    /// <summary>Records to fold.</summary>
    internal sealed record Records(ReadOnlyMemory<LogRecord> Batch) : ShardMessage;

    /// <summary>A question about a user, answered once everything before it is folded.</summary>
    internal abstract record Question(string User) : ShardMessage
    {
        /// <summary>Whether the answer leaves the process, so that ownership must be proven.</summary>
        public virtual bool IsServed => true;

        public abstract void Answer(SessionShard shard, SessionCell cell);

        public abstract void Refuse(Exception reason);
    }

    /// <summary>Asks for something that is read off the session.</summary>
    internal sealed record Read<T>(string User, Func<SessionShard, SessionCell, T> Body) : Question(User)
    {
        private readonly TaskCompletionSource<T> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<T> Result => _answer.Task;

        public override void Answer(SessionShard shard, SessionCell cell)
        {
            try
            {
                _answer.TrySetResult(Body(shard, cell));
            }
            catch (Exception e)
            {
                _answer.TrySetException(e);
            }
        }

        public override void Refuse(Exception reason) => _answer.TrySetException(reason);
    }

    /// <summary>Somebody does not watch any more.</summary>
    internal sealed record EndWatch(string User, Watch Watch) : Question(User)
    {
        public override bool IsServed => false;

        public override void Answer(SessionShard shard, SessionCell cell) => shard.RemoveWatch(cell, Watch);

        public override void Refuse(Exception reason) { }
    }

    /// <summary>Time has passed: store what is due, refresh what is watched.</summary>
    internal sealed record Tick : ShardMessage;
}

/// <summary>Somebody who watches a user.</summary>
/// <param name="Count">How many courses they want.</param>
/// <param name="Sink">Where the lists go.</param>
internal sealed record Watch(int Count, IRecommendationSink Sink)
{
    /// <summary>The list last posted.</summary>
    public RecommendationList? Last { get; set; }
}
