using System.Buffers;
using CourseRec.Actors.Catalogue;
using CourseRec.Actors.Intake;
using CourseRec.Actors.Ports;
using CourseRec.Node.Hosting;
using CourseRec.Simulation.Catalogue;
using CourseRec.Simulation.Learners;
using SimulationOptions = CourseRec.Node.Options.SimulationOptions;

namespace CourseRec.Node.Simulation;

/// <summary>
/// Learners made up inside the node, at a steady rate, through the same intake as everybody's. A restart goes on where
/// the last run was; what it sends again, sessions recognise by its ids.
/// </summary>
internal sealed class SimulationService(
    SimulationOptions options,
    InteractionIntake intake,
    ICatalogueLog log,
    CatalogueFollower follower,
    CourseCatalogue catalogue,
    DataDirectory directory,
    TimeProvider time,
    ILogger<SimulationService> logger
) : BackgroundService
{
    private const int PastEvents = 20_000;
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan PastBeat = TimeSpan.FromMilliseconds(125);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private readonly ArrayBufferWriter<byte> _batch = new();
    private readonly SimulationPosition _position = new(directory, options.Seed);
    private LearnerSimulation _learners = null!;
    private SimulatedEventWriter _writer = null!;

    protected override async Task ExecuteAsync(CancellationToken stop)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        NodeLog.Simulating(logger, options.Learners, options.Rate, options.Seed);
        Prepare(stop);
        await TryAsync(() => TeachAsync(stop), stop);
        if (_position.Next == 0)
            await SendPastAsync(stop);
        var start = time.GetTimestamp();
        long sent = 0;
        using var timer = new PeriodicTimer(Beat, time);
        while (!stop.IsCancellationRequested && await timer.WaitForNextTickAsync(stop))
        {
            var due = (long)(time.GetElapsedTime(start).TotalSeconds * options.Rate) - sent;
            sent += due;
            for (; due > 0; due -= InteractionIntake.MaxEvents)
                await SendAsync((int)Math.Min(due, InteractionIntake.MaxEvents), stop);
            _position.Save();
        }
    }

    private void Prepare(CancellationToken stop)
    {
        var courses = CatalogueGenerator.Generate(new() { Seed = options.Seed, Courses = options.Courses });
        _learners = new(new() { Seed = options.Seed, Learners = options.Learners }, courses);
        _writer = new(courses);
        for (long i = 0; i < _position.Next; i++)
        {
            stop.ThrowIfCancellationRequested();
            _learners.Next();
        }
    }

    /// <summary>Writes the courses that the catalogue lacks.</summary>
    private async Task TeachAsync(CancellationToken stop)
    {
        await follower.WhenReadAsync(await log.EndAsync(stop), stop);
        var missing = _learners.Catalogue.Where(c => catalogue.Find(c.Id) is null);
        foreach (var chunk in missing.Chunk(1_000))
            await log.AppendAsync([.. chunk.Select(c => new NewCatalogueRecord(c.Id, c.ToJson()))], stop);
    }

    /// <summary>
    /// Gives a new system a past that ends now, so that there is something to recommend and to judge from the start.
    /// </summary>
    private async Task SendPastAsync(CancellationToken stop)
    {
        var past = new SimulatedEvent[PastEvents];
        for (var i = 0; i < past.Length; i++)
            past[i] = _learners.Next();
        var start = time.GetUtcNow().AddMilliseconds(-past[^1].Time);
        // Spread over some seconds, so that the recommender learns from the first of it before it is judged on the
        // last.
        using var timer = new PeriodicTimer(PastBeat, time);
        foreach (var chunk in past.Chunk(InteractionIntake.MaxEvents / 2))
        {
            await timer.WaitForNextTickAsync(stop);
            _batch.ResetWrittenCount();
            foreach (var (i, simulated) in chunk.Index())
            {
                _batch.Write(i == 0 ? "["u8 : ","u8);
                _writer.Write(_batch, simulated, start);
            }
            await AcceptAsync(stop);
            _position.Next = chunk[^1].Number + 1;
        }
    }

    private async Task SendAsync(int count, CancellationToken stop)
    {
        _batch.ResetWrittenCount();
        var now = time.GetUtcNow();
        for (var i = 0; i < count; i++)
        {
            _batch.Write(i == 0 ? "["u8 : ","u8);
            var simulated = _learners.Next();
            _writer.WriteAt(_batch, simulated, now);
            _position.Next = simulated.Number + 1;
        }
        await AcceptAsync(stop);
    }

    private Task AcceptAsync(CancellationToken stop)
    {
        _batch.Write("]"u8);
        return TryAsync(async () => await intake.AcceptAsync(_batch.WrittenMemory, onlyUser: null, stop), stop);
    }

    private async Task TryAsync(Func<Task> act, CancellationToken stop)
    {
        while (true)
        {
            try
            {
                await act();
                return;
            }
            catch (Exception e) when (e is LogBusyException or LogUnavailableException)
            {
                NodeLog.SimulationHeld(logger, e.Message);
                await Task.Delay(Pause, time, stop);
            }
        }
    }
}
