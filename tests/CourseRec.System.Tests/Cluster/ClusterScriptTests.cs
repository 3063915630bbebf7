using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using CourseRec.SystemTests.Harness;
using CourseRec.SystemTests.Page;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace CourseRec.SystemTests.Cluster;

/// <summary><c>./run --cluster N</c>: a cluster on one machine, by one command and gone with Ctrl-C.</summary>
public sealed partial class ClusterScriptTests(Browser browser) : IClassFixture<Browser>
{
    private const int Interrupted = 130;
    private const int Ports = 6; // The gateway's and two nodes', for HTTP and for each other.

    [Fact]
    public async Task One_command_starts_a_cluster_whose_nodes_are_started_again_and_ctrl_c_leaves_nothing_running()
    {
        using var folder = new TemporaryFolder();
        var port = FreePorts.Row(Ports);
        var gateway = new Uri($"http://127.0.0.1:{port}");
        await using (var script = new ClusterScript("2", "--port", Text(port), "--data-dir", folder.Path))
        {
            await script.SaysAsync("Ctrl-C");
            await OwnersBecomeAsync(gateway, "node1", "node2");
            await ShowsAsync(gateway, "nodes", 1280, 900);
            await ShowsAsync(gateway, "nodes-phone", 390, 844);

            await EndsAndComesBackAsync(script, gateway, "node2", Signals.Terminate, exitCode: 0);
            await EndsAndComesBackAsync(script, gateway, "node1", Signals.Kill, exitCode: 137);
            Assert.NotEmpty(ProcessesOn(folder.Path));

            script.Interrupt();
            Assert.Equal(Interrupted, await script.EndAsync());
        }
        Assert.Empty(ProcessesOn(folder.Path));
    }

    [Fact]
    public async Task A_port_that_is_taken_is_named_before_anything_is_started()
    {
        using var folder = new TemporaryFolder();
        var port = FreePorts.Row(Ports);
        using var taken = new TcpListener(IPAddress.Loopback, port + 2);
        taken.Start();
        await using var script = new ClusterScript("2", "--port", Text(port), "--data-dir", folder.File("cluster"));
        Assert.Equal(2, await script.EndAsync());
        Assert.Contains($"Something listens at 127.0.0.1:{port + 2}", script.Output, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder.File("cluster")));
    }

    /// <summary>Ends a node; the other one serves all users, and it is started again.</summary>
    private static async Task EndsAndComesBackAsync(
        ClusterScript script,
        Uri gateway,
        string node,
        int signal,
        int exitCode
    )
    {
        var process = script.ProcessOf(node);
        Signals.Send(process, signal);
        await script.SaysAsync($"{node} (process {process}) has ended with exit code {exitCode}. It is started again");
        await EverybodyIsServedAsync(gateway, node);
        await OwnersBecomeAsync(gateway, "node1", "node2");
    }

    /// <summary>What users do now is seen by who asks for it.</summary>
    private static async Task EverybodyIsServedAsync(Uri gateway, string run)
    {
        using var client = new NodeClient(gateway);
        foreach (var user in Enumerable.Range(0, 16).Select(i => $"{run}-u{i}"))
        {
            var version = await client.WriteAsync(
                new($"{user}-1", user, "c", "click", TimeProvider.System.GetUtcNow())
            );
            await Eventually.SucceedsAsync(() => client.GetAsync($"v1/users/{user}?after={version}"));
        }
    }

    /// <summary>Waits until these nodes, and no others, serve all partitions.</summary>
    private static async Task OwnersBecomeAsync(Uri node, params string[] owners)
    {
        using var client = new NodeClient(node);
        await Eventually.BecomesAsync(
            async () =>
            {
                var shards = (await client.GetAsync("v1/cluster")).GetProperty("shards").EnumerateArray();
                return shards
                    .Select(s => s.TryGetProperty("node", out var owner) ? owner.GetString()! : "nobody")
                    .ToArray();
            },
            shards => shards.Distinct().Order().SequenceEqual(owners),
            $"the partitions are served by {string.Join(", ", owners)}",
            ClusterScript.Patience
        );
    }

    /// <summary>The page lists the nodes, and fits the screen.</summary>
    private async Task ShowsAsync(Uri node, string name, int width, int height)
    {
        var page = await browser.OpenAsync(
            node,
            new()
            {
                ViewportSize = new() { Width = width, Height = height },
            }
        );
        await page.GetByTestId("nav-live").ClickAsync();
        foreach (var id in new[] { "node1", "node2" })
            await Expect(page.GetByTestId($"live-node-{id}")).ToHaveAttributeAsync("data-partitions", Some());
        await Expect(page.GetByTestId("live-node-gateway")).ToContainTextAsync("this one");
        Assert.True(await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= window.innerWidth"));
        await Browser.ScreenshotAsync(page, $"live-{name}");
        await page.CloseAsync();
    }

    /// <summary>The processes whose command names a folder.</summary>
    private static string[] ProcessesOn(string folder) =>
        [
            .. Directory
                .EnumerateDirectories("/proc")
                .Where(process => char.IsAsciiDigit(Path.GetFileName(process)[0]))
                .Select(CommandOf)
                .Where(command => command.Contains(folder, StringComparison.Ordinal)),
        ];

    private static string CommandOf(string process)
    {
        try
        {
            return File.ReadAllText(Path.Combine(process, "cmdline")).Replace('\0', ' ');
        }
        catch (IOException)
        {
            return ""; // It has just ended.
        }
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    [GeneratedRegex("^[1-4]$")]
    private static partial Regex Some();
}
