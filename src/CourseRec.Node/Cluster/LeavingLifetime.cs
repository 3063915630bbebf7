using System.Runtime.InteropServices;
using CourseRec.Node.Hosting;

namespace CourseRec.Node.Cluster;

/// <summary>
/// A node among others leaves before it stops: on SIGTERM or SIGINT it hands its partitions over, while it still
/// answers. A second signal stops it at once.
/// </summary>
internal sealed class LeavingLifetime(IServiceProvider services, IHostApplicationLifetime lifetime)
    : IHostLifetime,
        IDisposable
{
    private static readonly PosixSignal[] Signals = [PosixSignal.SIGTERM, PosixSignal.SIGINT, PosixSignal.SIGQUIT];
    private PosixSignalRegistration[] _registered = [];
    private int _signals;

    public Task WaitForStartAsync(CancellationToken cancellationToken)
    {
        _registered = [.. Signals.Select(signal => PosixSignalRegistration.Create(signal, OnSignal))];
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose()
    {
        foreach (var registered in _registered)
            registered.Dispose();
    }

    private void OnSignal(PosixSignalContext signal)
    {
        signal.Cancel = true;
        if (Interlocked.Increment(ref _signals) == 1)
            _ = LeaveAsync();
        else
            lifetime.StopApplication();
    }

    private async Task LeaveAsync()
    {
        try
        {
            await services.GetRequiredService<NodeService>().LeaveAsync();
        }
        finally
        {
            // What went wrong is reported by the stop, which waits for the same.
            lifetime.StopApplication();
        }
    }
}
