using CourseRec.Actors.Ports;
using Microsoft.Data.Sqlite;

namespace CourseRec.Streams.Embedded;

public sealed partial class EmbeddedLog
{
    private const int SqliteFull = 13;
    private readonly AutoResetEvent _wake = new(false);
    private readonly TaskCompletionSource _writerDone = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Thread _writerThread;
    private readonly Signal _catalogueChanged = new();
    private WriteGroup _writing;
    private LogWriter? _writer;
    private bool _isFailing;
    private long _catalogueEnd;

    private Thread StartWriter()
    {
        var thread = new Thread(WriteLoop) { Name = "CourseRec log writer", IsBackground = true };
        thread.Start();
        return thread;
    }

    private async Task StopWriterAsync()
    {
        lock (_gate)
            _isClosed = true;
        _wake.Set();
        await _writerDone.Task;
        _writerThread.Join();
        _wake.Dispose();
    }

    private void WriteLoop()
    {
        while (true)
        {
            bool isClosed;
            lock (_gate)
            {
                isClosed = _isClosed;
                (_pending, _writing) = (_writing, _pending);
            }
            if (!_writing.IsEmpty)
                Write(_writing);
            else if (isClosed)
                break;
            var isTrimming = TrimStep();
            if (_writing.IsEmpty && !isTrimming && !isClosed)
                _wake.WaitOne();
            _writing.Clear();
        }
        SaveCommits();
        _writer?.Dispose();
        _writerDone.SetResult();
    }

    /// <summary>Whatever a commit throws, its callers are told and the writer goes on with the next one.</summary>
    private void Write(WriteGroup group)
    {
        List<Batch> batches;
        try
        {
            if (_writer?.MaxPages != MaxPages)
                CloseWriter();
            _writer ??= OpenWriter();
            batches = _writer.Append(group, _partitions, _catalogueEnd);
        }
        catch (Exception e)
        {
            CloseWriter();
            Release(group);
            group.Done.SetException(Unavailable(e));
            return;
        }
        MovePositions(batches);
        Volatile.Write(ref _catalogueEnd, _catalogueEnd + group.Courses.Count);
        Release(group);
        group.Done.SetResult();
        Publish(group, batches);
    }

    private void MovePositions(List<Batch> batches)
    {
        foreach (var batch in batches)
        {
            var partition = _partitions[batch.Partition];
            partition.Position = partition.Position with
            {
                End = batch.End,
                HighAt = batch.HighAt,
                BytesThrough = batch.BytesThrough,
            };
        }
    }

    private void Release(WriteGroup group)
    {
        lock (_gate)
            _queuedBytes -= group.Bytes;
    }

    private void Publish(WriteGroup group, List<Batch> batches)
    {
        foreach (var batch in batches)
            _partitions[batch.Partition].Tail.Publish(batch);
        if (group.Courses.Count > 0)
            _catalogueChanged.Raise();
        if (_isFailing)
            _logger.AppendsWorkAgain(_file.Path);
        _isFailing = false;
    }

    /// <summary>
    /// Opens the connection and takes the positions from the file, which alone knows how a failed commit ended.
    /// </summary>
    private LogWriter OpenWriter()
    {
        var writer = new LogWriter(_file, MaxPages);
        try
        {
            foreach (var partition in _partitions)
            {
                partition.Position = writer.Load(partition.Number);
                if (partition.Tail.End != partition.Position.End)
                    partition.Tail.Reset(partition.Position.End);
            }
            Volatile.Write(ref _catalogueEnd, writer.LoadCatalogueEnd());
            _catalogueChanged.Raise();
            return writer;
        }
        catch
        {
            writer.Dispose();
            throw;
        }
    }

    private void CloseWriter()
    {
        _writer?.Dispose();
        _writer = null;
    }

    private LogUnavailableException Unavailable(Exception e)
    {
        var unavailable = e as LogUnavailableException ?? new LogUnavailableException(Explain(e), e);
        if (!_isFailing)
            _logger.AppendsFail(unavailable.Message, e);
        _isFailing = true;
        return unavailable;
    }

    private string Explain(Exception e) =>
        e is SqliteException { SqliteErrorCode: SqliteFull } full
            ? _file.Explain(full)
            : $"{_file.Path} can't be written ({e.Message}). Check the disk; nothing accepted was lost.";
}
