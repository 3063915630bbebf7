namespace CourseRec.Cql.Tests;

/// <summary>Tests against the shared server.</summary>
[CollectionDefinition(Name)]
public sealed class CassandraCollection : ICollectionFixture<SharedCassandra>
{
    public const string Name = "Cassandra";
}
