using System.Net;
using System.Net.Sockets;
using CourseRec.Node.Hosting;
using CourseRec.Node.Options;

namespace CourseRec.Node.Tests.Hosting;

public sealed class StartupTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_folder_in_use_is_refused_in_one_line_that_names_the_other_node()
    {
        await using var first = await TestNode.StartAsync(_folder.Path);
        var line = await RefusalAsync(Options("http://127.0.0.1:0"));
        Assert.Contains(
            $"is in use by another node (process {Environment.ProcessId}, {first.Url.ToString().TrimEnd('/')})",
            line,
            StringComparison.Ordinal
        );
        Assert.Equal(first.Url, new Uri(DataDirectory.FindNode(_folder.Path)!.Url));
    }

    [Fact]
    public async Task A_port_in_use_is_refused_in_one_line()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var url = $"http://127.0.0.1:{((IPEndPoint)other.LocalEndpoint).Port}";
        Assert.Contains(url, await RefusalAsync(Options(url)), StringComparison.Ordinal);
        Assert.Null(DataDirectory.FindNode(_folder.Path));
    }

    [Fact]
    public async Task A_damaged_file_is_refused_in_one_line_with_its_path()
    {
        var file = DataDirectory.LogPathOf(_folder.Path);
        await File.WriteAllTextAsync(file, new string('x', 5000));
        Assert.Contains(file, await RefusalAsync(Options("http://127.0.0.1:0")), StringComparison.Ordinal);
        Assert.Equal(5000, new FileInfo(file).Length);
    }

    [Fact]
    public async Task Other_fold_rules_than_the_stores_are_refused_in_one_line()
    {
        await (await TestNode.StartAsync(_folder.Path)).DisposeAsync();
        var options = Options("http://127.0.0.1:0");
        options = options with { Sessions = options.Sessions with { HistoryLength = 7 } };
        Assert.NotEmpty(await RefusalAsync(options));
    }

    [Theory]
    [InlineData("this is no model, but it is long enough to be one")]
    [InlineData("")]
    public async Task A_model_file_that_is_none_is_refused_in_one_line_and_not_changed(string content)
    {
        var file = _folder.File("given.crm");
        await File.WriteAllTextAsync(file, content);
        Assert.Contains(file, await RefusalAsync(WithModel(file)), StringComparison.Ordinal);
        Assert.Equal(content, await File.ReadAllTextAsync(file));
    }

    [Fact]
    public async Task A_model_file_that_is_not_there_is_refused_in_one_line()
    {
        var file = _folder.File("missing.crm");
        Assert.Contains(file, await RefusalAsync(WithModel(file)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_instant_layers_weights_are_kept_and_damaged_ones_are_refused_in_one_line()
    {
        await using (var node = await TestNode.StartAsync(_folder.Path))
        {
            await node.PostAsync("/v1/events", """{"user":"u1","course":"c1","type":"enroll"}""");
            await Eventually.HoldsAsync(
                async () => (await node.GetAsync("/v1/popular")).ToString().Contains("c1", StringComparison.Ordinal),
                () => node.Http.GetStringAsync("/v1/popular")
            );
        }
        var file = Path.Combine(_folder.Path, "model", "instant", "instant.json");
        var saved = await File.ReadAllTextAsync(file);
        await (await TestNode.StartAsync(_folder.Path)).DisposeAsync();
        Assert.Equal(saved, await File.ReadAllTextAsync(file));
        await File.WriteAllTextAsync(file, saved[..100]);
        Assert.Contains(file, await RefusalAsync(Options("http://127.0.0.1:0")), StringComparison.Ordinal);
        Assert.Equal(saved[..100], await File.ReadAllTextAsync(file));
    }

    private static async Task<string> RefusalAsync(NodeOptions options)
    {
        await using var app = Program.Build(options);
        var error = await Assert.ThrowsAnyAsync<Exception>(() => app.StartAsync());
        var line = StartupErrors.Explain(error);
        Assert.True(line is not null, error.ToString());
        Assert.DoesNotContain('\n', line);
        return line;
    }

    private NodeOptions WithModel(string file) =>
        Options("http://127.0.0.1:0") with
        {
            Training = new() { Model = file },
        };

    private NodeOptions Options(string urls) =>
        new()
        {
            Urls = urls,
            DataDir = _folder.Path,
            Training = new() { Enabled = false },
            Logging = new() { Level = Microsoft.Extensions.Logging.LogLevel.Critical },
        };
}
