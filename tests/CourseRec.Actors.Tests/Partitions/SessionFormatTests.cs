using System.Buffers.Binary;
using System.Text;
using CourseRec.Actors.Partitions;
using CourseRec.Actors.Ports;
using CourseRec.Actors.Sessions;
using CourseRec.Models;

namespace CourseRec.Actors.Tests.Partitions;

/// <summary>Formats N−1 and N of stored sessions: which is written, and what is refused.</summary>
public sealed class SessionFormatTests : IDisposable
{
    private readonly DataFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_new_store_is_pinned_to_the_newest_format()
    {
        await using var pipeline = await Pipeline.StartAsync(_folder);
        Assert.Equal(SessionFormats.Newest, (await pipeline.Store.ReadManifestAsync(default))!.SessionFormat);
    }

    [Fact]
    public async Task A_store_of_the_format_before_is_written_so_until_it_is_raised_and_is_read_ever_after()
    {
        await PinAsync(format: 1);
        Assert.Equal(1, await WriteAsync("a", "u1"));
        Assert.Equal(1, await WriteAsync("b", "u2"));
        await using (var closed = Pipeline.Open(_folder))
        {
            var pinned = (await closed.Store.ReadManifestAsync(default))!;
            Assert.True(await closed.Store.PinAsync(pinned, pinned with { SessionFormat = 2 }, default));
        }
        Assert.Equal(2, await WriteAsync("c", "u1"));
        await using var pipeline = await Pipeline.StartAsync(_folder);
        await pipeline.SettleAsync();
        Assert.Equal(2, (await pipeline.SessionAsync("u1")).Applied);
        Assert.Equal(1, (await pipeline.SessionAsync("u2")).Applied);
    }

    [Theory]
    [InlineData(3, "Use a newer program.")]
    [InlineData(0, "Use an older program.")]
    public async Task A_store_that_is_pinned_to_an_unknown_format_is_refused(int format, string advice)
    {
        await PinAsync(format);
        var error = await Assert.ThrowsAsync<StoreMismatchException>(() => Pipeline.StartAsync(_folder));
        Assert.Equal(
            $"The session store is pinned to session format {format}, this program knows 1 and 2. {advice}",
            error.Message
        );
    }

    [Fact]
    public async Task A_running_node_goes_on_when_the_format_is_raised()
    {
        await using var pipeline = await Pipeline.StartAsync(_folder);
        await pipeline.AppendAsync(new TestEvent("a", "u1", "c1"));
        await pipeline.SettleAsync();
        var pinned = (await pipeline.Store.ReadManifestAsync(default))!;
        await pipeline.Store.PinAsync(pinned, pinned with { SessionFormat = 3 }, default);
        await pipeline.AppendAsync(new TestEvent("b", "u1", "c2"));
        await pipeline.SettleAsync();
        Assert.Equal(2, (await pipeline.SessionAsync("u1")).Applied);
        Assert.Equal(2, (await pipeline.Store.LoadSessionsAsync(["u1"], default))[0]!.Blob.Span[0]);
    }

    [Fact]
    public async Task A_session_of_a_format_to_come_stops_its_partition_and_no_other()
    {
        var other = Enumerable.Range(2, 9).Select(i => $"u{i}").First(user => HomeOf(user) != HomeOf("u1"));
        await using (var pipeline = await Pipeline.StartAsync(_folder))
        {
            await pipeline.AppendAsync(new("a", "u1", "c1"), new("b", other, "c1"));
            await pipeline.SettleAsync();
            var stored = (await pipeline.Store.LoadSessionsAsync(["u1"], default))[0]!;
            StoreFile.Mend(_folder, stored with { Blob = OfFormat(3, "u1", stored.Blob.ToArray()) });
        }
        await using var again = await Pipeline.StartAsync(_folder);
        await again.SettleAsync();
        await Assert.ThrowsAsync<NotOwnedException>(() => again.SessionAsync("u1"));
        Assert.Equal(1, (await again.SessionAsync(other)).Applied);
        Assert.Contains(
            "the stored session of user u1 can't be used: format 3 is unknown, this program reads 1 and 2",
            Assert.Single(again.Host.Shards, shard => shard.State == PartitionState.Stopped).Problem
        );
        Assert.Empty(await again.Store.ListParkedAsync(default));
    }

    [Fact]
    public async Task Nobody_is_parked_before_the_format_that_knows_of_it()
    {
        await PinAsync(format: 1);
        await WriteAsync("a", "u1");
        StoreFile.Run(_folder, "UPDATE session SET blob = zeroblob(100)");
        await using var pipeline = await Pipeline.StartAsync(_folder);
        await pipeline.SettleAsync();
        await Assert.ThrowsAsync<NotOwnedException>(() => pipeline.SessionAsync("u1"));
        Assert.Contains(
            "the stored session of user u1 can't be used: the checksum does not match",
            Assert.Single(pipeline.Host.Shards, shard => shard.State == PartitionState.Stopped).Problem
        );
    }

    private static int HomeOf(string user) => Partitioner.PartitionOf(user, 2);

    private static byte[] OfFormat(byte format, string user, byte[] blob)
    {
        blob[0] = format;
        var crc = Crc32C.Append(uint.MaxValue, Encoding.UTF8.GetBytes(user));
        BinaryPrimitives.WriteUInt32LittleEndian(blob.AsSpan(^4), ~Crc32C.Append(crc, blob.AsSpan(..^4)));
        return blob;
    }

    private async Task PinAsync(int format)
    {
        await using var closed = Pipeline.Open(_folder);
        var manifest = new StoreManifest(1, closed.Log.Identity, new FoldRules().ToJson(), format);
        Assert.True(await closed.Store.PinAsync(null, manifest, default));
    }

    /// <summary>Folds an event in a life of its own; answers the format of the session stored.</summary>
    private async Task<int> WriteAsync(string id, string user)
    {
        await using var pipeline = await Pipeline.StartAsync(_folder);
        await pipeline.AppendAsync(new TestEvent(id, user, $"c-{id}"));
        await pipeline.SettleAsync();
        return (await pipeline.Store.LoadSessionsAsync([user], default))[0]!.Blob.Span[0];
    }
}
