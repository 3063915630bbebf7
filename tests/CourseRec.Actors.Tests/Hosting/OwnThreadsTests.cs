using Akka.Configuration;
using Akka.Dispatch;
using CourseRec.Actors.Hosting;

namespace CourseRec.Actors.Tests.Hosting;

public sealed class OwnThreadsTests
{
    private const int Threads = 2;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly ExecutorService _executor = new OwnThreads(
        ConfigurationFactory.ParseString($"own-threads = {Threads}"),
        null!
    ).Produce("own");

    [Fact]
    public async Task As_many_things_run_at_once_as_there_are_threads_and_none_on_the_pool()
    {
        using var meeting = new Barrier(Threads);
        var met = new CountdownEvent(Threads);
        var pooled = 0;
        for (var i = 0; i < Threads; i++)
        {
            _executor.Execute(
                new ActionRunnable(() =>
                {
                    meeting.SignalAndWait(Patience);
                    Interlocked.Add(ref pooled, Thread.CurrentThread.IsThreadPoolThread ? 1 : 0);
                    met.Signal();
                })
            );
        }
        Assert.True(await Task.Run(() => met.Wait(Patience)));
        Assert.Equal(0, pooled);
        _executor.Shutdown();
    }

    [Fact]
    public async Task What_was_taken_is_done_at_the_end_and_nothing_is_taken_then()
    {
        using var begin = new ManualResetEventSlim();
        var done = new CountdownEvent(10);
        for (var i = 0; i < 10; i++)
            _executor.Execute(
                new ActionRunnable(() =>
                {
                    begin.Wait(Patience);
                    done.Signal();
                })
            );
        _executor.Shutdown();
        Assert.Throws<RejectedExecutionException>(() => _executor.Execute(new ActionRunnable(() => { })));
        begin.Set();
        Assert.True(await Task.Run(() => done.Wait(Patience)));
    }
}
