using static CourseRec.Persistence.Tests.Contract.Make;

namespace CourseRec.Persistence.Tests.Contract;

public abstract partial class SessionStoreContract
{
    [Fact]
    public async Task A_new_store_is_pinned_to_nothing()
    {
        Assert.Null(await Store.ReadManifestAsync(default));
    }

    [Fact]
    public async Task A_pin_is_read_back_after_reopening()
    {
        var manifest = Manifest(rules: """{"HistoryLength":50}""");
        Assert.True(await Store.PinAsync(null, manifest, default));
        await ReopenAsync();
        Assert.Equal(manifest, await Store.ReadManifestAsync(default));
    }

    [Fact]
    public async Task A_pin_that_expects_a_new_store_fails_on_a_pinned_one()
    {
        await Store.PinAsync(null, Manifest(), default);
        Assert.False(await Store.PinAsync(null, Manifest(2, "log-b"), default));
        Assert.Equal(Manifest(), await Store.ReadManifestAsync(default));
    }

    [Fact]
    public async Task A_pin_that_expects_another_manifest_changes_nothing()
    {
        await Store.PinAsync(null, Manifest(), default);
        Assert.False(await Store.PinAsync(Manifest(rules: "other"), Manifest(2, "log-b"), default));
        Assert.Equal(Manifest(), await Store.ReadManifestAsync(default));
    }

    [Fact]
    public async Task A_pin_that_expects_something_fails_on_a_new_store()
    {
        Assert.False(await Store.PinAsync(Manifest(), Manifest(2, "log-b"), default));
        Assert.Null(await Store.ReadManifestAsync(default));
    }

    [Fact]
    public async Task A_pin_that_expects_what_is_pinned_replaces_it()
    {
        await Store.PinAsync(null, Manifest(), default);
        Assert.True(await Store.PinAsync(Manifest(), Manifest(2, "log-b"), default));
        Assert.Equal(Manifest(2, "log-b"), await Store.ReadManifestAsync(default));
    }

    [Fact]
    public async Task The_session_format_is_raised_once_and_kept_through_a_new_generation()
    {
        await Store.PinAsync(null, Manifest(format: 1), default);
        Assert.Equal(Manifest(format: 1), await Store.ReadManifestAsync(default));
        Assert.True(await Store.PinAsync(Manifest(format: 1), Manifest(format: 2), default));
        Assert.False(await Store.PinAsync(Manifest(format: 1), Manifest(2, "log-b", format: 1), default));
        Assert.True(await Store.PinAsync(Manifest(format: 2), Manifest(2, "log-b"), default));
        await ReopenAsync();
        Assert.Equal(Manifest(2, "log-b", format: 2), await Store.ReadManifestAsync(default));
    }

    [Fact]
    public async Task Of_two_pins_at_once_one_wins()
    {
        var pins = Enumerable
            .Range(1, 8)
            .Select(i => Store.PinAsync(null, Manifest(log: $"log-{i}"), default).AsTask());
        var won = await Task.WhenAll(pins);
        var winner = Assert.Single(won.Index(), w => w.Item).Index + 1;
        Assert.Equal(Manifest(log: $"log-{winner}"), await Store.ReadManifestAsync(default));
    }
}
