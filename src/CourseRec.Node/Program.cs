using CourseRec.Node.Hosting;
using CourseRec.Node.Options;

return await NodeApplication.RunAsync(NodeOptionsReader.Load([]), CancellationToken.None);
