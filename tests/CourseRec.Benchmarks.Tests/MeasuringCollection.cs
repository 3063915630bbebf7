namespace CourseRec.Benchmarks.Tests;

/// <summary>Tests that measure memory or time: nothing else of this project runs beside them.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class MeasuringCollection
{
    public const string Name = "Measuring";
}
