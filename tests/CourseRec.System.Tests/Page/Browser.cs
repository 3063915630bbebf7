using Microsoft.Playwright;

namespace CourseRec.SystemTests.Page;

/// <summary>Debian's Chromium; one for all tests of a class.</summary>
public sealed class Browser : IAsyncLifetime
{
    private static readonly string[] Flags =
    [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
    ];

    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public async Task InitializeAsync()
    {
        Assertions.SetDefaultExpectTimeout(20_000);
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(
            new BrowserTypeLaunchOptions { ExecutablePath = "/usr/bin/chromium", Args = Flags }
        );
    }

    /// <summary>A fresh profile with one page.</summary>
    public async Task<IPage> OpenAsync(Uri url, BrowserNewContextOptions? options = null)
    {
        var context = await _browser!.NewContextAsync(options ?? new BrowserNewContextOptions());
        var page = await context.NewPageAsync();
        await page.GotoAsync(url.ToString());
        return page;
    }

    /// <summary>Closes every page: one that stays open goes on looking for its node.</summary>
    public Task CloseAllAsync() => Task.WhenAll(_browser!.Contexts.Select(context => context.CloseAsync()));

    /// <summary>Keeps what the page looks like, for people to look at.</summary>
    public static Task ScreenshotAsync(IPage page, string name) =>
        page.ScreenshotAsync(
            new PageScreenshotOptions { Path = Repository.PathOf("artifacts", "screenshots", $"{name}.png") }
        );

    public async Task DisposeAsync()
    {
        if (_browser is not null)
            await _browser.CloseAsync();
        _playwright?.Dispose();
    }
}
