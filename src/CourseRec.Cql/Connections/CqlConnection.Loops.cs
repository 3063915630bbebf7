using CourseRec.Cql.Errors;
using CourseRec.Cql.Protocol;

namespace CourseRec.Cql.Connections;

/// <summary>Sending and receiving.</summary>
internal sealed partial class CqlConnection
{
    /// <summary>
    /// Gives waiting requests their streams and copies them out, as far as there is room. Under the gate.
    /// </summary>
    private void Drain()
    {
        while (_streams.HasFree && _output.Length < OutputLimit && _waiting.TryDequeue(out var request))
            if (!request.IsSettled)
                Copy(request, _streams.Take(request));
        if (_output.Length == 0 || _isFlushing || _isDeferred || _reason is not null)
            return;
        if (CompletionQueue.Later is { } later)
        {
            _isDeferred = true;
            later.Add(this);
            return;
        }
        _isFlushing = true;
        _flushing = Task.Run(FlushAsync);
    }

    /// <summary>Sends what was held back until callers were through.</summary>
    public void FlushDeferred()
    {
        lock (_gate)
        {
            if (!_isDeferred)
                return;
            _isDeferred = false;
            if (_isFlushing || _output.Length == 0 || _reason is not null)
                return;
            _isFlushing = true;
        }
        _flushing = FlushAsync();
    }

    private void Copy(PendingRequest request, short stream)
    {
        var bytes = request.Bytes.Span;
        var start = _output.Length;
        _output.Raw(bytes);
        FrameHeader.WriteStream(_output.At(start, FrameHeader.Size), stream);
    }

    private async Task FlushAsync()
    {
        try
        {
            while (TakeOutput())
            {
                await _stream.WriteAsync(_sending.Memory);
                _sending.Clear(OutputLimit);
            }
        }
        catch (Exception e)
        {
            Close(new CqlConnectionException($"The connection to {EndPoint} was lost while sending: {e.Message}", e));
        }
    }

    private bool TakeOutput()
    {
        lock (_gate)
        {
            (_output, _sending) = (_sending, _output);
            var more = _isFlushing = _sending.Length > 0 && _reason is null;
            Drain();
            return more;
        }
    }

    private async Task ReceiveAsync()
    {
        using var buffer = new ReceiveBuffer();
        try
        {
            while (await _stream.ReadAsync(buffer.Free()) is > 0 and var count)
            {
                buffer.Advance(count);
                Volatile.Write(ref _received, _time.GetTimestamp());
                while (buffer.TryRead(out var header, out var body))
                    Accept(header, body);
                _completions.Start();
            }
            Close(new CqlConnectionException($"{EndPoint} closed the connection."));
        }
        catch (CqlException e)
        {
            Close(new CqlConnectionException($"The connection to {EndPoint} was given up: {e.Message}", e));
        }
        catch (Exception e)
        {
            Close(new CqlConnectionException($"The connection to {EndPoint} was lost: {e.Message}", e));
        }
    }

    private void Accept(FrameHeader header, ReadOnlySpan<byte> body)
    {
        if (header.Version != Version)
            throw new CqlVersionException(header.Version);
        if (header.Opcode == Opcode.Event)
            return;
        var answer = Frame.Copy(header, body);
        lock (_gate)
        {
            var request =
                _streams.Return(header.Stream)
                ?? throw new CqlProtocolException($"it answers on stream {header.Stream}, where nothing was asked");
            if (!request.IsSettled)
            {
                request.Settle(answer);
                _completions.Add(request);
            }
            Drain();
        }
    }
}
