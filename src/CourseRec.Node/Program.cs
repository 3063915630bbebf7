using CourseRec.Node.Hosting;
using CourseRec.Node.Options;

try
{
    return await NodeApplication.RunAsync(NodeOptionsReader.Load([]), CancellationToken.None);
}
catch (OptionsException e)
{
    await Console.Error.WriteLineAsync($"courserec: {e.Message}");
    return 2;
}
