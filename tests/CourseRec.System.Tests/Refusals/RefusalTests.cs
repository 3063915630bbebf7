using System.Net;
using System.Net.Sockets;
using CourseRec.SystemTests.Harness;

namespace CourseRec.SystemTests.Refusals;

/// <summary>What can't work is refused with one clear line and exit code 2.</summary>
public sealed class RefusalTests
{
    [Fact]
    public async Task A_port_that_is_taken_is_named()
    {
        using var folder = new TemporaryFolder();
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        var answer = await StartAsync(folder.Path, port);
        AssertRefused(answer, port.ToString());
    }

    [Fact]
    public async Task A_data_folder_that_another_node_uses_is_named()
    {
        using var folder = new TemporaryFolder();
        await using var node = await NodeProcess.StartAsync(folder.Path, FreePorts.One(), "--no-simulation");
        var answer = await StartAsync(folder.Path, FreePorts.One());
        AssertRefused(answer, folder.Path);
    }

    [Fact]
    public async Task A_damaged_file_is_named_and_not_changed()
    {
        using var folder = new TemporaryFolder();
        await using (var node = await NodeProcess.StartAsync(folder.Path, FreePorts.One(), "--no-simulation"))
            Assert.Equal(0, await node.EndAsync(Signals.Terminate));
        foreach (var file in Directory.GetFiles(folder.Path, "*.db"))
        {
            var whole = await File.ReadAllBytesAsync(file);
            var damaged = (byte[])whole.Clone();
            damaged.AsSpan(0, 64).Fill(0x55);
            await File.WriteAllBytesAsync(file, damaged);
            AssertRefused(await StartAsync(folder.Path, FreePorts.One()), file);
            Assert.Equal(damaged, await File.ReadAllBytesAsync(file));
            await File.WriteAllBytesAsync(file, whole);
        }
    }

    [Fact]
    public async Task A_malformed_file_is_not_replayed()
    {
        using var folder = new TemporaryFolder();
        var file = folder.File("enrolments.txt");
        await File.WriteAllTextAsync(file, "1 2 3\n2\n");
        var answer = await Courserec.RunAsync("replay", file, "--data-dir", folder.Path);
        AssertRefused(answer, $"{file}, line 2");
    }

    [Theory]
    [InlineData("nod", "'nod'")]
    [InlineData("node --data", "'--data'")]
    [InlineData("replay x --rate fast", "--rate is 'fast'")]
    [InlineData("node --urls nowhere", "nowhere")]
    public async Task A_command_line_that_makes_no_sense_is_explained(string commandLine, string named)
    {
        AssertRefused(await Courserec.RunAsync(commandLine.Split(' ')), named);
    }

    [Fact]
    public async Task Without_libtorch_nothing_is_trained_but_models_are_judged()
    {
        using var folder = new TemporaryFolder();
        var program = BuiltProgram.CopyWithoutLibtorch(folder.Path);
        var (data, model) = (folder.File("enrolments.txt"), folder.File("model"));
        await File.WriteAllTextAsync(data, "1 10 11 12 13\n2 11 12 13 10\n");
        AssertRefused(
            await Courserec.RunProgramAsync(program, "train", data, "--out", model),
            "There is no libtorch on this machine"
        );
        Assert.False(File.Exists(model));
        Assert.Equal(0, (await Courserec.RunProgramAsync(program, "evaluate", data)).ExitCode);
    }

    [Fact]
    public async Task Without_the_native_client_only_Kafka_is_refused()
    {
        using var copy = new TemporaryFolder();
        using var folder = new TemporaryFolder();
        var program = BuiltProgram.CopyWithoutLibrdkafka(copy.Path);
        var port = FreePorts.One();
        AssertRefused(
            await Courserec.RunProgramAsync(program, NodeArguments(folder.Path, port, "--kafka", "127.0.0.1:1")),
            "The native Kafka client (librdkafka) can't be loaded"
        );
        await using var node = await NodeProcess.StartProgramAsync(program, folder.Path, port, ["--no-simulation"]);
        Assert.Equal(0, await node.EndAsync(Signals.Terminate));
    }

    [Fact]
    public async Task A_wrong_setting_of_the_Kafka_client_is_refused_in_its_own_words()
    {
        using var folder = new TemporaryFolder();
        string[] kafka = ["--kafka", "127.0.0.1:1", "--set", "Kafka:Client:wings=2"];
        AssertRefused(
            await Courserec.RunAsync(NodeArguments(folder.Path, FreePorts.One(), kafka)),
            "No such configuration property: \"wings\""
        );
    }

    private static string[] NodeArguments(string folder, int port, params string[] flags) =>
        ["node", "--no-simulation", "--data-dir", folder, "--urls", $"http://127.0.0.1:{port}", .. flags];

    private static Task<Answer> StartAsync(string folder, int port) => Courserec.RunAsync(NodeArguments(folder, port));

    private static void AssertRefused(Answer answer, string named)
    {
        Assert.True(answer.ExitCode == 2, $"exit {answer.ExitCode}: {answer.Output}{answer.Error}");
        Assert.Contains(named, Assert.Single(answer.ErrorLines), StringComparison.Ordinal);
    }
}
