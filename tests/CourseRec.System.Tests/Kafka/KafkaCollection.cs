namespace CourseRec.SystemTests.Kafka;

/// <summary>Tests against the shared broker.</summary>
[CollectionDefinition(Name)]
public sealed class KafkaCollection : ICollectionFixture<SharedKafkaBroker>
{
    public const string Name = "Kafka";
}
