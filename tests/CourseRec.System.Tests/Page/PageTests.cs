using System.Globalization;
using System.Text.RegularExpressions;
using CourseRec.SystemTests.Harness;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace CourseRec.SystemTests.Page;

/// <summary>The page in a real browser, against a real node.</summary>
public sealed partial class PageTests(Browser browser) : IClassFixture<Browser>, IAsyncLifetime
{
    private const int HistoryEvents = 3000;
    private static readonly LocatorAssertionsToHaveAttributeOptions Soon = new() { Timeout = 90_000 };
    private readonly TemporaryFolder _folder = new();
    private readonly int _port = FreePorts.One();
    private NodeProcess? _node;

    public async Task InitializeAsync()
    {
        await StartNodeAsync();
        await SimulateAsync(seed: 1, rate: 20_000);
    }

    public async Task DisposeAsync()
    {
        await browser.CloseAllAsync();
        await _node!.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Enrolling_changes_the_list_by_push()
    {
        var page = await browser.OpenAsync(_node!.Url);
        await BecomeAsync(page, "ada");
        await page.EvaluateAsync("window.wasNotReloaded = true");
        var course = await EnrolInFirstAsync(page, "linear algebra");
        await Expect(page.Locator($"[data-testid=recommendation][data-course='{course}']")).ToHaveCountAsync(0);
        await Expect(page.GetByTestId("history").Locator($"[data-course='{course}']")).ToBeVisibleAsync();
        await Expect(page.GetByTestId("reason").Filter(new() { HasText = "Because you" }).First).ToBeVisibleAsync();
        await Expect(page.GetByTestId("push-latency")).ToHaveAttributeAsync("data-ms", AnyNumber());
        Assert.True(await page.EvaluateAsync<bool>("window.wasNotReloaded === true"));
        await Browser.ScreenshotAsync(page, "learn");
    }

    [Fact]
    public async Task The_page_survives_a_restart_of_the_node_and_says_so()
    {
        var page = await browser.OpenAsync(_node!.Url);
        await BecomeAsync(page, "grace");
        var before = await EnrolInFirstAsync(page, "statistics");
        await Expect(page.GetByTestId("history").Locator($"[data-course='{before}']")).ToBeVisibleAsync();
        await _node.EndAsync(Signals.Kill);
        await ExpectConnectionAsync(page, "reconnecting");
        await Browser.ScreenshotAsync(page, "learn-disconnected");
        await StartNodeAsync();
        await ExpectConnectionAsync(page, "connected");
        await Expect(page.GetByTestId("history").Locator($"[data-course='{before}']")).ToBeVisibleAsync();
        var after = await EnrolInFirstAsync(page, "biology");
        await Expect(page.GetByTestId("history").Locator($"[data-course='{after}']")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task A_node_that_falls_silent_is_given_up_in_ten_seconds_and_found_again()
    {
        var page = await browser.OpenAsync(_node!.Url);
        await BecomeAsync(page, "alan");
        _node.Freeze();
        await ExpectConnectionAsync(page, "reconnecting", 15_000);
        _node.Thaw();
        await ExpectConnectionAsync(page, "connected");
    }

    [Fact]
    public async Task The_live_view_shows_the_pipeline()
    {
        var page = await browser.OpenAsync(_node!.Url);
        await page.GetByTestId("nav-live").ClickAsync();
        await Expect(page.GetByTestId("live-hr10-popularity")).ToHaveTextAsync(AnyNumber());
        await Expect(page.GetByTestId("live-ndcg10-popularity")).ToHaveTextAsync(AnyNumber());
        await Expect(page.GetByTestId("live-lag")).ToHaveAttributeAsync("data-total", "0");
        await Expect(page.GetByTestId("live-events-per-second")).ToBeVisibleAsync();
        await Browser.ScreenshotAsync(page, "live");
    }

    [Fact]
    public async Task The_live_view_shows_the_model_learning_and_what_it_is_compared_with()
    {
        var page = await browser.OpenAsync(_node!.Url);
        await page.GetByTestId("nav-live").ClickAsync();
        await Expect(page.GetByTestId("live-training")).ToHaveAttributeAsync("data-state", "learning", Soon);
        await Expect(page.GetByTestId("live-training-version"))
            .ToContainTextAsync("online-", new() { Timeout = 60_000 });
        await SimulateAsync(seed: 2, rate: 300);
        await Expect(page.GetByTestId("live-contender-frozen")).ToBeVisibleAsync(new() { Timeout = 60_000 });
        await Expect(page.GetByTestId("live-contender-online")).ToHaveAttributeAsync("data-serves", "true");
        foreach (var contender in new[] { "online", "frozen+instant", "frozen", "blend", "popularity" })
            await Expect(page.GetByTestId($"live-ndcg10-{contender}")).ToHaveTextAsync(AnyNumber());
        await Expect(page.GetByTestId("live-freshness-p99")).ToHaveTextAsync(AnyNumber());
        await Expect(page.GetByTestId("live-training-guard")).ToContainTextAsync("models published");
        await Browser.ScreenshotAsync(page, "live-learning");
    }

    [Theory]
    [InlineData("phone", 390, 844, ColorScheme.Light)]
    [InlineData("phone-dark", 390, 844, ColorScheme.Dark)]
    [InlineData("desktop-dark", 1280, 900, ColorScheme.Dark)]
    public async Task The_page_fits_the_screen_and_follows_its_colours(
        string name,
        int width,
        int height,
        ColorScheme scheme
    )
    {
        var page = await browser.OpenAsync(
            _node!.Url,
            new()
            {
                ViewportSize = new() { Width = width, Height = height },
                ColorScheme = scheme,
            }
        );
        await BecomeAsync(page, "joan");
        foreach (var view in new[] { "learn", "live" })
        {
            await page.GetByTestId($"nav-{view}").ClickAsync();
            Assert.True(await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= window.innerWidth"));
            Assert.Equal(scheme == ColorScheme.Dark, await IsDarkAsync(page));
            await Browser.ScreenshotAsync(page, $"{view}-{name}");
        }
    }

    [Fact]
    public async Task A_course_can_be_found_and_taken_by_keyboard_alone()
    {
        var page = await browser.OpenAsync(_node!.Url);
        await BecomeAsync(page, "dorothy");
        await TabToAsync(page, "search-input");
        await page.Keyboard.TypeAsync("physics");
        await Expect(page.GetByTestId("course-card").First).ToContainTextAsync("physics", new() { IgnoreCase = true });
        var course = await page.GetByTestId("course-card").First.GetAttributeAsync("data-course");
        await TabToAsync(page, "enrol-button");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByTestId("history").Locator($"[data-course='{course}']")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task The_interface_can_be_read_at_docs_and_nothing_comes_from_elsewhere()
    {
        var page = await browser.OpenAsync(new Uri("about:blank"));
        var (requests, complaints) = (new List<string>(), new List<string>());
        page.Request += (_, request) => requests.Add(request.Url);
        page.Console += (_, message) => complaints.AddRange(message.Type is "error" ? [message.Text] : []);
        page.PageError += (_, error) => complaints.Add(error);
        await page.GotoAsync(new Uri(_node!.Url, "docs").ToString());
        foreach (
            var operation in new[] { "Takes one interaction", "A user's recommendations", "Metrics in the Prometheus" }
        )
            await Expect(page.GetByRole(AriaRole.Link, new() { Name = operation })).ToBeVisibleAsync();
        await page.WaitForLoadStateAsync(LoadState.NetworkIdle);
        await Browser.ScreenshotAsync(page, "docs");
        Assert.Empty(complaints);
        Assert.All(requests, url => Assert.True(IsOurs(url), url));

        bool IsOurs(string url) =>
            new Uri(url) is var uri && (uri.Scheme == "data" || uri.Authority == _node!.Url.Authority);
    }

    private async Task StartNodeAsync()
    {
        if (_node is not null)
            await _node.DisposeAsync();
        _node = await NodeProcess.StartAsync(
            _folder.Path,
            _port,
            "--no-simulation",
            "--set",
            "Recommend:JudgedShare=1",
            "--set",
            "Training:FreezeEvery=3s"
        );
    }

    private Task SimulateAsync(int seed, int rate) =>
        Courserec.SucceedAsync(
            "simulate",
            "--url",
            _node!.Url.ToString(),
            "--events",
            HistoryEvents.ToString(CultureInfo.InvariantCulture),
            "--seed",
            seed.ToString(CultureInfo.InvariantCulture),
            "--rate",
            rate.ToString(CultureInfo.InvariantCulture)
        );

    private static async Task BecomeAsync(IPage page, string user)
    {
        await page.GetByTestId("user-input").FillAsync(user);
        await page.GetByTestId("user-input").PressAsync("Enter");
        await ExpectConnectionAsync(page, "connected");
        await Expect(page.GetByTestId("recommendation").First).ToBeVisibleAsync();
    }

    private static async Task<string> EnrolInFirstAsync(IPage page, string search)
    {
        await page.GetByTestId("search-input").FillAsync(search);
        var card = page.GetByTestId("course-card").First;
        await Expect(card).ToContainTextAsync(search, new() { IgnoreCase = true });
        var course = await card.GetAttributeAsync("data-course");
        await card.GetByTestId("enrol-button").ClickAsync();
        await Expect(card.GetByTestId("enrol-button")).ToContainTextAsync("Enrolled");
        return course!;
    }

    private static async Task TabToAsync(IPage page, string testId)
    {
        const int limit = 200;
        for (var presses = 0; presses < limit; presses++)
        {
            await page.Keyboard.PressAsync("Tab");
            if (await page.EvaluateAsync<string?>("document.activeElement?.dataset.testid") == testId)
                return;
        }
        Assert.Fail($"{testId} can't be reached with {limit} presses of Tab.");
    }

    private static async Task ExpectConnectionAsync(IPage page, string state, float limitMs = 30_000) =>
        await Expect(page.GetByTestId("connection-status"))
            .ToHaveAttributeAsync("data-state", state, new() { Timeout = limitMs });

    private static Task<bool> IsDarkAsync(IPage page) =>
        page.EvaluateAsync<bool>(
            "getComputedStyle(document.body).backgroundColor.match(/[0-9.]+/g).slice(0, 3).every(part => part < 100)"
        );

    [GeneratedRegex("[0-9]")]
    private static partial Regex AnyNumber();
}
