namespace CourseRec.TestSupport;

/// <summary>One broker for the test classes of a collection; each test uses topics of its own.</summary>
public sealed class SharedKafkaBroker : IAsyncLifetime
{
    private KafkaBroker? _broker;

    /// <summary>The broker.</summary>
    public KafkaBroker Broker => _broker ?? throw new InvalidOperationException("The broker is not started yet.");

    /// <inheritdoc/>
    public async Task InitializeAsync() => _broker = await KafkaBroker.StartAsync();

    /// <inheritdoc/>
    public async Task DisposeAsync() => await Broker.DisposeAsync();
}
