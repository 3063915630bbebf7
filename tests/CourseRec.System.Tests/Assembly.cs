using CourseRec.SystemTests.Harness;

// Their time goes by in waiting for processes and time-outs, but each starts several, and two cores are few.
[assembly: CollectionBehavior(MaxParallelThreads = 2)]
[assembly: TestCollectionOrderer(HeaviestFirst.Type, HeaviestFirst.Assembly)]
