using CourseRec.Benchmarks;
using CourseRec.Cli;

return await CommandLine.RunAsync(BenchCommand.Program(), args);
