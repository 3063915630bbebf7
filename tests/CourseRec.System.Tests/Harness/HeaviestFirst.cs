using Xunit.Abstractions;

namespace CourseRec.SystemTests.Harness;

/// <summary>
/// The order of the collections, of which three run side by side. Those that share a server have names of their own and
/// last longest, so they begin; the others, which xunit names after their classes, follow.
/// </summary>
public sealed class HeaviestFirst : ITestCollectionOrderer
{
    internal const string Type = "CourseRec.SystemTests.Harness.HeaviestFirst";
    internal const string Assembly = "CourseRec.System.Tests";

    /// <inheritdoc/>
    public IEnumerable<ITestCollection> OrderTestCollections(IEnumerable<ITestCollection> testCollections) =>
        testCollections.OrderBy(collection => collection.DisplayName, StringComparer.Ordinal);
}
