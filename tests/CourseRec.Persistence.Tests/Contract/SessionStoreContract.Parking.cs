using CourseRec.Actors;
using CourseRec.Actors.Ports;
using static CourseRec.Persistence.Tests.Contract.Make;

namespace CourseRec.Persistence.Tests.Contract;

public abstract partial class SessionStoreContract
{
    [Fact]
    public async Task Nobody_is_parked_in_a_new_store()
    {
        Assert.Empty(await Store.ListParkedAsync(default));
    }

    [Fact]
    public async Task A_parked_user_is_listed_after_reopening_with_reason_version_and_time()
    {
        await Store.FlushAsync(Parks(5, Parked("ännä", 5, "the checksum does not match")), default);
        await Store.FlushAsync(Parks(6, Parked("bert", 6)), default);
        await ReopenAsync();
        Assert.Equal(
            [
                new Parking("bert", V(6), 1_234, "damaged"),
                new Parking("ännä", V(5), 1_234, "the checksum does not match"),
            ],
            (await Store.ListParkedAsync(default)).OrderBy(parking => parking.User, StringComparer.Ordinal)
        );
    }

    [Fact]
    public async Task A_parking_ends_with_a_newer_word_and_can_begin_again()
    {
        await Store.FlushAsync(Parks(5, Parked("anna", 5)), default);
        await Store.FlushAsync(Parks(9, Parked("anna", 9, reason: null)), default);
        Assert.Empty(await Store.ListParkedAsync(default));
        await Store.FlushAsync(Parks(12, Parked("anna", 12, "again")), default);
        Assert.Equal(Parked("anna", 12, "again"), Assert.Single(await Store.ListParkedAsync(default)));
    }

    [Fact]
    public async Task A_late_word_about_a_parking_loses()
    {
        await Store.FlushAsync(Parks(9, Parked("anna", 9, reason: null), Parked("bert", 9, "newer")), default);
        await Store.FlushAsync(Parks(9, Parked("anna", 5), Parked("bert", 5, reason: null)), default);
        Assert.Equal(Parked("bert", 9, "newer"), Assert.Single(await Store.ListParkedAsync(default)));
    }

    [Fact]
    public async Task Erasing_a_user_ends_the_parking_and_a_late_word_does_not_bring_it_back()
    {
        await Store.FlushAsync(Parks(5, Parked("anna", 5), Parked("bert", 5)), default);
        await FlushAsync(9, Erased("anna", 9));
        await Store.FlushAsync(Parks(9, Parked("anna", 8)), default);
        Assert.Equal("bert", Assert.Single(await Store.ListParkedAsync(default)).User);
        await Store.FlushAsync(Parks(12, Parked("anna", 12)), default);
        Assert.Equal(2, (await Store.ListParkedAsync(default)).Count);
    }

    [Fact]
    public async Task A_session_and_a_parking_of_one_flush_are_both_kept()
    {
        await Store.FlushAsync(
            Flush(5, Session("anna", 4, "before", 4)) with
            {
                Parkings = [Parked("anna", 5)],
            },
            default
        );
        Assert.Equal("4: before", await ShowAsync("anna"));
        Assert.Equal(LogVersion.At(1, 5), Assert.Single(await Store.ListParkedAsync(default)).Version);
    }
}
