using CourseRec.Cli;

return await CommandLine.RunAsync(args);
