using System.CommandLine;
using System.CommandLine.Help;
using CourseRec.Benchmarks;
using CourseRec.Cli;

var program = new Command("courserec", "CourseRec's benchmarks.") { new HelpOption(), BenchCommand.Create() };
return await CommandLine.RunAsync(program, args);
