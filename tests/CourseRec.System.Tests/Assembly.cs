// Every test starts processes of its own, and two cores are few.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
