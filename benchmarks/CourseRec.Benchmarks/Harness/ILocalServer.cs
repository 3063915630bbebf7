namespace CourseRec.Benchmarks.Harness;

/// <summary>A server of a benchmark's own: stopped or killed, it starts again where it was, with what it had.</summary>
internal interface ILocalServer : IAsyncDisposable
{
    /// <summary>Its name.</summary>
    string Name { get; }

    /// <summary>Where it listens, <c>host:port</c>, once it was started; stays the same.</summary>
    string Address { get; }

    /// <summary>Starts it, and waits until it takes connections.</summary>
    Task StartAsync(CancellationToken cancel);

    /// <summary>Stops it in good order.</summary>
    Task StopAsync();

    /// <summary>Kills it.</summary>
    Task KillAsync();
}
