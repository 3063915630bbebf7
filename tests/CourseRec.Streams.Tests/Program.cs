using CourseRec.Streams.Tests.Embedded;

// Appends to the log named by the argument until it is killed, and prints what was acknowledged.
await AppendingProcess.RunAsync(args[0]);
