using CourseRec.Streams.Tests.Embedded;
using CourseRec.Streams.Tests.Kafka;

// A child process for tests that kill or halt it. One argument: appends to the log of that name, and prints what was
// acknowledged. More: follows partitions, and prints what it reads.
await (args.Length == 1 ? AppendingProcess.RunAsync(args[0]) : FollowingProcess.RunAsync(args));
