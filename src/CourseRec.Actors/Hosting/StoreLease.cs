using Akka.Actor;
using Akka.Configuration;
using Akka.Coordination;
using Akka.Event;
using CourseRec.Actors.Ports;

namespace CourseRec.Actors.Hosting;

/// <summary>
/// A lease in the session store, for Akka's split-brain strategy <c>lease-majority</c>: of the two halves of a cluster
/// that lost sight of each other, the one that gets it lives. While it is held, it is renewed at every
/// <c>heartbeat-interval</c>. A process that ends leaves it to expire after <c>heartbeat-timeout</c>: until then the
/// other half stays refused. <see cref="LeaseMajority"/> has the settings.
/// <para>Akka makes it by reflection; the actor system has to be made with a <see cref="LeasesSetup"/>.</para>
/// </summary>
public sealed class StoreLease : Lease
{
    private readonly ILeases _leases;
    private readonly TimeProvider _time;
    private readonly ILoggingAdapter _log;
    private readonly CancellationTokenSource _systemEnds = new();

    // Acquiring, renewing and releasing take turns: what the store was told last is what is so.
    private readonly SemaphoreSlim _turn = new(1);
    private volatile Holding? _holding;

    /// <summary>Made by Akka.</summary>
    /// <exception cref="ConfigurationException">The actor system has no <see cref="LeasesSetup"/>.</exception>
    public StoreLease(LeaseSettings settings, ExtendedActorSystem system)
        : base(settings)
    {
        var setup = system.Settings.Setup.Get<LeasesSetup>();
        if (!setup.HasValue)
            throw new ConfigurationException(
                $"The lease {settings.LeaseName} needs a {nameof(LeasesSetup)} in the actor system's setup."
            );
        (_leases, _time) = (setup.Value.Leases, setup.Value.Time);
        _log = Logging.GetLogger(system, this);
        system.RegisterOnTermination(_systemEnds.Cancel);
    }

    private TimeoutSettings Times => Settings.TimeoutSettings;

    /// <inheritdoc/>
    public override Task<bool> Acquire() => Acquire(_ => { });

    /// <summary>
    /// Acquires the lease, or renews it where it is held. Answers false when another owner has it, and still does
    /// after <c>lease-operation-timeout</c>: it may be the lease of a process that has ended.
    /// </summary>
    /// <param name="leaseLostCallback">Called when the lease could not be renewed before it expired.</param>
    /// <exception cref="LeaseException">The store could not be asked in <c>lease-operation-timeout</c>.</exception>
    public override Task<bool> Acquire(Action<Exception> leaseLostCallback) =>
        InTurnAsync(
            Times.OperationTimeout,
            async cancel =>
            {
                var asked = _time.GetTimestamp();
                var isHeld = await TryAcquireAsync(cancel);
                while (!isHeld && await PauseAsync(cancel))
                {
                    asked = _time.GetTimestamp();
                    isHeld = await TryAcquireAsync(cancel);
                }
                if (isHeld && cancel.IsCancellationRequested)
                {
                    isHeld = false; // It stood still: what was waited for may be the lease of one that lives.
                    await _leases.ReleaseAsync(Settings.LeaseName, Settings.OwnerName, CancellationToken.None);
                }
                _holding?.End();
                _holding = null;
                if (isHeld)
                {
                    _holding = new Holding(asked, leaseLostCallback, _systemEnds.Token);
                    _ = RenewAsync(_holding);
                }
                return isHeld;
            }
        );

    /// <summary>
    /// Gives the lease back. Whatever the store says, it is not held from now on, and not renewed.
    /// </summary>
    /// <exception cref="LeaseException">The store could not be asked: others get the lease when it expires.</exception>
    public override Task<bool> Release() =>
        InTurnAsync(
            Times.OperationTimeout,
            async cancel =>
            {
                _holding?.End();
                _holding = null;
                await _leases.ReleaseAsync(Settings.LeaseName, Settings.OwnerName, cancel);
                return true;
            }
        );

    /// <summary>Answers false when there is no time left.</summary>
    private async Task<bool> PauseAsync(CancellationToken cancel)
    {
        await Task.Delay(Times.HeartbeatInterval / 4, _time, cancel)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return !cancel.IsCancellationRequested;
    }

    /// <inheritdoc/>
    public override bool CheckLease() => _holding is { } holding && Left(holding) > TimeSpan.Zero;

    private async Task RenewAsync(Holding holding)
    {
        Exception reason = new LeaseException($"The lease {Settings.LeaseName} expired.");
        try
        {
            for (var left = Left(holding); left > TimeSpan.Zero; left = Left(holding))
            {
                await Task.Delay(Shorter(left, Times.HeartbeatInterval), _time, holding.Ended);
                left = Left(holding);
                try
                {
                    if (left > TimeSpan.Zero && !await TryRenewAsync(holding, Shorter(left, Times.OperationTimeout)))
                    {
                        reason = new LeaseException($"Another owner has the lease {Settings.LeaseName}.");
                        break;
                    }
                }
                catch (LeaseException e)
                {
                    reason = e;
                    _log.Warning("The lease {0} can't be renewed: {1}", Settings.LeaseName, e.Message);
                }
            }
        }
        catch (OperationCanceledException) when (holding.Ended.IsCancellationRequested)
        {
            return;
        }
        if (Interlocked.CompareExchange(ref _holding, null, holding) != holding)
            return;
        _log.Error("The lease {0} is lost: {1}", Settings.LeaseName, reason.Message);
        holding.Lost(reason);
    }

    private Task<bool> TryRenewAsync(Holding holding, TimeSpan limit) =>
        InTurnAsync(
            limit,
            async cancel =>
            {
                // Released, or acquired anew, since: to renew it now would take it again.
                holding.Ended.ThrowIfCancellationRequested();
                var asked = _time.GetTimestamp();
                if (!await TryAcquireAsync(cancel))
                    return false;
                holding.Since = asked;
                return true;
            }
        );

    private Task<bool> TryAcquireAsync(CancellationToken cancel) =>
        _leases.TryAcquireAsync(Settings.LeaseName, Settings.OwnerName, Times.HeartbeatTimeout, cancel).AsTask();

    // On the pool: an actor that asks must not wait, nor have its messages' order depend on this.
    private Task<bool> InTurnAsync(TimeSpan limit, Func<CancellationToken, Task<bool>> work) =>
        Task.Run(async () =>
        {
            using var cancel = new CancellationTokenSource(limit, _time);
            try
            {
                await _turn.WaitAsync(cancel.Token);
                try
                {
                    return await work(cancel.Token);
                }
                finally
                {
                    _turn.Release();
                }
            }
            catch (OperationCanceledException) when (cancel.IsCancellationRequested)
            {
                throw new LeaseTimeoutException(
                    $"The store did not answer about the lease {Settings.LeaseName} in " + $"{limit.TotalSeconds} s."
                );
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                throw new LeaseException(e.Message, e);
            }
        });

    private TimeSpan Left(Holding holding) => Times.HeartbeatTimeout - _time.GetElapsedTime(holding.Since);

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;

    /// <summary>The time from one acquiring to its end.</summary>
    /// <param name="since">When the store was asked, by the clock's timestamp.</param>
    /// <param name="lost">Told when it ends by itself.</param>
    /// <param name="systemEnds">Ends it too.</param>
    private sealed class Holding(long since, Action<Exception> lost, CancellationToken systemEnds)
    {
        private readonly CancellationTokenSource _ended = CancellationTokenSource.CreateLinkedTokenSource(systemEnds);
        private long _since = since;

        /// <summary>When the store was last asked with success: it counts from then or later.</summary>
        public long Since
        {
            get => Volatile.Read(ref _since);
            set => Volatile.Write(ref _since, value);
        }

        public Action<Exception> Lost => lost;

        public CancellationToken Ended => _ended.Token;

        public void End() => _ended.Cancel();
    }
}
