using CourseRec.Node.Cluster;
using CourseRec.Node.Hosting;
using CourseRec.Node.Http;
using CourseRec.Node.Operations;
using CourseRec.Node.Options;
using CourseRec.Node.Push;
using CourseRec.Node.Simulation;
using CourseRec.Node.Training;

namespace CourseRec.Node;

/// <summary>The node: its parts, put together.</summary>
public static class Program
{
    /// <summary>A node that is not started. Starting it opens the data folder.</summary>
    /// <param name="options">Checked options, from <see cref="NodeOptionsReader"/>.</param>
    /// <param name="time">The clock; the system's when left out.</param>
    public static WebApplication Build(NodeOptions options, TimeProvider? time = null)
    {
        var builder = WebApplication.CreateEmptyBuilder(
            new()
            {
                ApplicationName = typeof(Program).Assembly.GetName().Name,
                ContentRootPath = AppContext.BaseDirectory,
            }
        );
        builder.Listen(options);
        builder.AddNodeLogging(options.Logging);
        builder.Services.AddSingleton(options).AddSingleton(time ?? TimeProvider.System);
        builder
            .Services.AddStreams()
            .AddTraining(options)
            .AddRecommendationsTopic(options)
            .AddSessions(options)
            .AddApi()
            .AddPush()
            .AddCluster(options)
            .AddOperations()
            .AddTelemetry(options)
            .AddSimulation(options.Simulation);

        var app = builder.Build();
        app.UseMiddleware<ProblemMiddleware>();
        app.UsePage();
        app.UseRouting();
        app.MapEvents();
        app.MapUsers();
        app.MapParked();
        app.MapCourses();
        app.MapPush(options);
        app.UseAdmission();
        app.MapCluster();
        app.MapModel();
        app.MapOperations();
        return app;
    }

    /// <summary>Runs a node until it is told to stop (SIGTERM, SIGINT, or the token).</summary>
    /// <returns>The exit code: 0 after a stop in good order, 1 when the node stopped by itself, 2 when it could not
    /// start, or had waited for a store that is pinned to something else.</returns>
    public static async Task<int> RunAsync(NodeOptions options, CancellationToken stop)
    {
        NodeService? node = null;
        var hasStarted = false;
        try
        {
            NodeOptionsReader.CheckToRun(options);
            await using var app = Build(options);
            node = app.Services.GetRequiredService<NodeService>();
            await app.StartAsync(stop);
            hasStarted = true;
            await app.WaitForShutdownAsync(stop);
            return node.ExitCode;
        }
        catch (Exception) when (node is { ExitCode: not 0 })
        {
            return node.ExitCode; // What failed was logged when it did; stopping the sessions only reports it again.
        }
        catch (Exception e) when (!hasStarted && StartupErrors.Explain(e) is { } line)
        {
            await Console.Error.WriteLineAsync($"courserec: {line}");
            return 2;
        }
    }
}
