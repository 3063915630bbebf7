namespace CourseRec.SystemTests.Cluster;

/// <summary>Clusters on a broker that nobody stops.</summary>
[CollectionDefinition(Name)]
public sealed class ClusterCollection : ICollectionFixture<SharedKafkaBroker>
{
    public const string Name = "Cluster";
}
