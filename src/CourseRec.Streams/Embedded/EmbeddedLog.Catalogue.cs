using System.Runtime.CompilerServices;
using CourseRec.Actors.Ports;

namespace CourseRec.Streams.Embedded;

public sealed partial class EmbeddedLog
{
    /// <inheritdoc/>
    public ValueTask<long> EndAsync(CancellationToken cancel) => new(Volatile.Read(ref _catalogueEnd));

    /// <inheritdoc/>
    public async IAsyncEnumerable<CatalogueRecord> FollowAsync(
        long from,
        [EnumeratorCancellation] CancellationToken cancel
    )
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancel, _closing.Token);
        while (true)
        {
            ending.Token.ThrowIfCancellationRequested();
            var changed = _catalogueChanged.Next;
            var next = from;
            var records = await Task.Run(() => Read(reader => reader.Courses(next)), ending.Token);
            if (records.Count == 0)
                await changed.WaitAsync(ending.Token);
            foreach (var record in records)
                yield return record;
            from = records.Count == 0 ? from : records[^1].Offset + 1;
        }
    }
}
