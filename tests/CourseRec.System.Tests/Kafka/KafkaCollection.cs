namespace CourseRec.SystemTests.Kafka;

/// <summary>Tests against one broker, which some of them stop.</summary>
[CollectionDefinition(Name)]
public sealed class KafkaCollection : ICollectionFixture<SharedKafkaBroker>
{
    public const string Name = "Kafka";
}
