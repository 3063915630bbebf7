using CourseRec.Actors;
using CourseRec.Actors.Ports;
using static CourseRec.Persistence.Tests.Contract.Make;

namespace CourseRec.Persistence.Tests.Contract;

public abstract partial class SessionStoreContract
{
    [Fact]
    public async Task Erasing_leaves_only_a_marker()
    {
        await FlushAsync(3, Session("anna", 3, "state", 1, 2, 3), Session("bert", 2, "his", 2));
        await FlushAsync(9, Erased("anna", 9, time: 1234));
        await ReopenAsync();
        var found = (await LoadAsync("anna"))!;
        Assert.Equal(new Erasure(V(9), 1234), found.Erasure);
        Assert.Equal((V(9), 0), (found.Version, found.Blob.Length));
        Assert.Empty(await OffsetsAsync("anna"));
        Assert.Equal("bert", Assert.Single(await Store.ListSessionsAsync(default).ToListAsync()).User);
        Assert.Equal([2], await OffsetsAsync("bert"));
    }

    [Fact]
    public async Task An_unknown_user_can_be_erased()
    {
        await FlushAsync(9, Erased("anna", 9));
        Assert.Equal(new Erasure(V(9), 77), (await LoadAsync("anna"))!.Erasure);
        Assert.Empty(await Store.ListSessionsAsync(default).ToListAsync());
    }

    [Fact]
    public async Task A_write_from_before_the_erasure_stays_hidden_and_one_from_after_shows()
    {
        await FlushAsync(5, Session("anna", 5, "before", 5));
        await FlushAsync(9, Erased("anna", 9));
        await FlushAsync(8, Session("anna", 8, "late", 5, 8));
        Assert.Equal("9: ", await ShowAsync("anna"));
        Assert.Empty(await OffsetsAsync("anna"));
        await FlushAsync(10, Session("anna", 10, "after", 10));
        Assert.Equal("10: after", await ShowAsync("anna"));
        Assert.Equal(new Erasure(V(9), 77), (await LoadAsync("anna"))!.Erasure);
        Assert.Equal([10], await OffsetsAsync("anna"));
    }

    [Fact]
    public async Task One_write_can_erase_and_hold_what_came_after()
    {
        await FlushAsync(5, Session("anna", 5, "before", 4, 5));
        await FlushAsync(11, Session("anna", 11, "after", 10, 11) with { Erasure = new Erasure(V(9), 77) });
        Assert.Equal("11: after", await ShowAsync("anna"));
        Assert.Equal([10, 11], await OffsetsAsync("anna"));
        var listed = Assert.Single(await Store.ListSessionsAsync(default).ToListAsync());
        Assert.Equal(new Erasure(V(9), 77), listed.Erasure);
    }

    [Fact]
    public async Task A_late_erasure_takes_only_what_is_older_than_itself()
    {
        await FlushAsync(12, Session("anna", 12, "newer", 3, 8, 11, 12));
        await FlushAsync(9, Erased("anna", 9));
        Assert.Equal("12: newer", await ShowAsync("anna"));
        Assert.Equal([11, 12], await OffsetsAsync("anna"));
        await FlushAsync(14, Session("anna", 14, "newest", 14));
        Assert.Equal([11, 12, 14], await OffsetsAsync("anna"));
    }

    [Fact]
    public async Task A_user_can_be_erased_again()
    {
        await FlushAsync(3, Erased("anna", 3, time: 1));
        await FlushAsync(5, Session("anna", 5, "between", 5));
        await FlushAsync(8, Erased("anna", 8, time: 2));
        Assert.Equal(new Erasure(V(8), 2), (await LoadAsync("anna"))!.Erasure);
        Assert.Equal("8: ", await ShowAsync("anna"));
        Assert.Empty(await OffsetsAsync("anna"));
    }

    [Fact]
    public async Task An_older_erasure_does_not_replace_a_newer_one()
    {
        await FlushAsync(8, Erased("anna", 8, time: 2));
        await FlushAsync(8, Session("anna", 6, "late", 6) with { Erasure = new Erasure(V(3), 1) });
        Assert.Equal(new Erasure(V(8), 2), (await LoadAsync("anna"))!.Erasure);
        Assert.Equal("8: ", await ShowAsync("anna"));
    }

    [Fact]
    public async Task Refused_events_after_an_erasure_leave_the_marker_alone()
    {
        await FlushAsync(5, Session("anna", 5, "before", 5));
        await FlushAsync(12, new SessionWrite("anna", V(12), default, [], new Erasure(V(9), 77)));
        await FlushAsync(14, new SessionWrite("anna", V(14), default, [], null));
        var found = (await LoadAsync("anna"))!;
        Assert.Equal((V(9), 0), (found.Version, found.Blob.Length));
        Assert.Empty(await OffsetsAsync("anna"));
    }

    [Fact]
    public async Task Neither_part_of_a_marker_goes_back()
    {
        await FlushAsync(8, Erased("anna", 8, time: 100));
        await FlushAsync(9, Erased("anna", 9, time: 50));
        Assert.Equal(new Erasure(V(9), 100), (await LoadAsync("anna"))!.Erasure);
        await FlushAsync(9, Erased("anna", 4, time: 200));
        Assert.Equal(new Erasure(V(9), 200), (await LoadAsync("anna"))!.Erasure);
    }

    [Fact]
    public async Task An_erasure_takes_what_another_generations_partition_stored()
    {
        await Store.FlushAsync(new(3, Checkpoint(900), null, [Session("anna", 900, "old", 800, 900)]), default);
        var at = LogVersion.At(2, 0);
        var erased = new SessionWrite("anna", at, default, [], new Erasure(at, 77));
        await Store.FlushAsync(new(0, new(at, "e", 1), null, [erased]), default);
        Assert.Equal("0: ", await ShowAsync("anna"));
        Assert.Equal(new Erasure(at, 77), (await LoadAsync("anna"))!.Erasure);
        Assert.Empty(await OffsetsAsync("anna"));
    }
}
