using CourseRec.Actors.Ports;
using CourseRec.Streams.Embedded;

namespace CourseRec.Streams.Tests.Embedded;

public sealed class EmbeddedInteractionLogTests : InteractionLogContract, IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    protected override Task<IInteractionLog> OpenAsync() => Task.FromResult<IInteractionLog>(_folder.Open());
}

public sealed class EmbeddedPartitionReaderTests : PartitionReaderContract, IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    protected override Task<IInteractionLog> OpenAsync() => Task.FromResult<IInteractionLog>(_folder.Open());
}

/// <summary>The same with no memory for recent records: everything is read from the file.</summary>
public sealed class EmbeddedPartitionReaderFromTheFileTests : PartitionReaderContract, IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    protected override Task<IInteractionLog> OpenAsync() =>
        Task.FromResult<IInteractionLog>(_folder.Open(_folder.Options with { TailBytes = 0 }));
}

public sealed class EmbeddedCatalogueLogTests : CatalogueLogContract, IDisposable
{
    private readonly TestFolder _folder = new();
    private EmbeddedLog? _log;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task An_older_record_of_a_course_is_dropped_at_once_and_a_deletion_is_kept()
    {
        var log = await OpenAsync();
        await AppendAsync(log, ("c1", "old"), ("c2", "two"), ("c1", "new"), ("c2", ""));
        Assert.Equal([("c1", "new"), ("c2", "")], await FollowToAsync(log, 0, 4));
        await CloseAsync();
    }

    protected override Task<ICatalogueLog> OpenAsync() => Task.FromResult<ICatalogueLog>(_log = _folder.Open());

    protected override async Task CloseAsync() => await _log!.DisposeAsync();
}
