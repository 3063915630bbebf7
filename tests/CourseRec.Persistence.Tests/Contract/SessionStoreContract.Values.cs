using CourseRec.Actors.Ports;
using static CourseRec.Persistence.Tests.Contract.Make;

namespace CourseRec.Persistence.Tests.Contract;

public abstract partial class SessionStoreContract
{
    /// <summary>Ids that have broken stores.</summary>
    public static TheoryData<string> UnusualUsers =>
        [
            "🦉",
            "o'neill",
            "\"quoted\"; DROP TABLE session --",
            "a/b%2F?c=d&e",
            " ",
            new string('x', 128),
            string.Concat(Enumerable.Repeat("🦉", 64)),
            new string('語', 128),
        ];

    [Theory]
    [MemberData(nameof(UnusualUsers))]
    public async Task Unusual_users_are_kept_apart_and_whole(string user)
    {
        await FlushAsync(2, Session(user, 2, "theirs", 2), Session(user + "x", 1, "another's", 1));
        await ReopenAsync();
        Assert.Equal(user, (await LoadAsync(user))!.User);
        Assert.Equal("2: theirs", await ShowAsync(user));
        Assert.Equal([2], await OffsetsAsync(user));
        await FlushAsync(3, Erased(user, 3));
        Assert.Equal("3: ", await ShowAsync(user));
        Assert.Equal("1: another's", await ShowAsync(user + "x"));
    }

    [Fact]
    public async Task Users_differ_by_case_and_accent()
    {
        await FlushAsync(3, Session("anna", 1, "a"), Session("Anna", 2, "A"), Session("ännä", 3, "ä"));
        Assert.Equal("1: a", await ShowAsync("anna"));
        Assert.Equal("2: A", await ShowAsync("Anna"));
        Assert.Equal("3: ä", await ShowAsync("ännä"));
    }

    [Fact]
    public async Task A_session_of_256_KiB_is_kept()
    {
        var blob = new byte[256 << 10];
        new Random(1).NextBytes(blob);
        await FlushAsync(1, new SessionWrite("anna", V(1), blob, [], null));
        await ReopenAsync();
        Assert.True((await LoadAsync("anna"))!.Blob.Span.SequenceEqual(blob));
        await FlushAsync(2, Session("anna", 2, "small again"));
        Assert.Equal("2: small again", await ShowAsync("anna"));
    }

    [Fact]
    public async Task Every_session_is_listed_once_whichever_partition_stored_it()
    {
        var users = Enumerable.Range(0, 1_000).Select(i => $"user {i}").ToArray();
        await FlushAsync(1, [.. users.Select(u => Session(u, 1, $"state of {u}"))]);
        await Store.FlushAsync(new(1, Checkpoint(1), null, [Session("elsewhere", 1, "state of elsewhere")]), default);
        users = [.. users, "elsewhere"];
        var listed = await Store.ListSessionsAsync(default).ToListAsync();
        Assert.Equal(users.Order(), listed.Select(s => s.User).Order());
        Assert.All(listed, s => Assert.Equal($"1 state of {s.User}", $"{s.Version.Offset} {Text(s.Blob)}"));
    }

    [Fact]
    public async Task A_list_may_be_left_early_and_the_store_still_written()
    {
        await FlushAsync(1, [.. Enumerable.Range(0, 500).Select(i => Session($"u{i}", 1, "s"))]);
        await foreach (var session in Store.ListSessionsAsync(default))
        {
            await FlushAsync(2, Session(session.User, 2, "seen"));
            Assert.Equal("2: seen", await ShowAsync(session.User));
            break;
        }
        Assert.Equal(500, (await Store.ListSessionsAsync(default).ToListAsync()).Count);
    }

    [Fact]
    public async Task A_new_store_has_nothing_to_warn_about()
    {
        Assert.Empty(await Store.CheckSettingsAsync(default));
    }
}
