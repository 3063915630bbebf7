namespace CourseRec.Node.Tests.Operations;

/// <summary>
/// Spans are process-wide: where a node sends its own, the instrumented HTTP client puts them into the requests of
/// other tests too. So these run one after another.
/// </summary>
[CollectionDefinition(Name)]
public sealed class SpansCollection
{
    public const string Name = "Spans";
}
