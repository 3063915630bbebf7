using CourseRec.Node.Cli;

return await CommandLine.RunAsync(args);
