using CourseRec.Actors.Ports;
using static CourseRec.Persistence.Tests.Contract.Make;

namespace CourseRec.Persistence.Tests.Contract;

public abstract partial class SessionStoreContract
{
    [Fact]
    public async Task A_partition_that_nobody_claimed_has_no_claim()
    {
        await Store.ClaimAsync(1, "node-a", default);
        await FlushAsync(3);
        Assert.Null(await Store.ReadClaimAsync(0, default));
    }

    [Fact]
    public async Task A_claim_is_read_back_after_reopening()
    {
        var claim = await Store.ClaimAsync(7, "nöde-a/1", default);
        Assert.Equal(new PartitionClaim(7, "nöde-a/1", 1), claim);
        await ReopenAsync();
        Assert.Equal(claim, await Store.ReadClaimAsync(7, default));
    }

    [Fact]
    public async Task A_newer_claim_replaces_an_older_one_and_the_former_owner_sees_it()
    {
        var former = await Store.ClaimAsync(0, "node-a", default);
        await using var other = await OpenAsync();
        var newer = await other.ClaimAsync(0, "node-b", default);
        Assert.Equal(new PartitionClaim(0, "node-b", former.Epoch + 1), newer);
        Assert.Equal(newer, await Store.ReadClaimAsync(0, default));
    }

    [Fact]
    public async Task An_owner_that_claims_again_gets_a_higher_epoch()
    {
        await Store.ClaimAsync(0, "node-a", default);
        await ReopenAsync();
        Assert.Equal(2, (await Store.ClaimAsync(0, "node-a", default)).Epoch);
        Assert.Equal(3, (await Store.ClaimAsync(0, "node-a", default)).Epoch);
    }

    [Fact]
    public async Task A_new_generation_goes_on_with_the_epochs()
    {
        await Store.PinAsync(null, Manifest(), default);
        await Store.ClaimAsync(0, "node-a", default);
        await Store.PinAsync(Manifest(), Manifest(2, "log-b"), default);
        Assert.Equal(2, (await Store.ClaimAsync(0, "node-a", default)).Epoch);
    }

    [Fact]
    public async Task Claims_of_several_partitions_do_not_touch_one_another()
    {
        var claims = await Task.WhenAll(
            Enumerable.Range(0, 8).Select(p => Store.ClaimAsync(p, $"node-{p}", default).AsTask())
        );
        foreach (var claim in claims)
        {
            Assert.Equal(new PartitionClaim(claim.Partition, $"node-{claim.Partition}", 1), claim);
            Assert.Equal(claim, await Store.ReadClaimAsync(claim.Partition, default));
        }
    }

    [Fact]
    public async Task Of_claims_at_once_each_has_an_epoch_of_its_own_and_the_highest_stands()
    {
        await using var other = await OpenAsync();
        ISessionStore[] stores = [Store, other];
        var claims = await Task.WhenAll(
            Enumerable.Range(0, 8).Select(i => stores[i % 2].ClaimAsync(0, $"node-{i}", default).AsTask())
        );
        Assert.Equal(8, claims.Select(claim => claim.Epoch).Distinct().Count());
        Assert.Equal(Enumerable.Range(0, 8).Select(i => $"node-{i}"), claims.Select(claim => claim.Owner));
        foreach (var store in stores)
            Assert.Equal(claims.MaxBy(claim => claim.Epoch), await store.ReadClaimAsync(0, default));
    }
}
