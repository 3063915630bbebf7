using Akka.Configuration;
using CourseRec.Actors.Partitions;
using CourseRec.Actors.Sessions;

namespace CourseRec.Actors.Hosting;

/// <summary>What the actors need of the actor system that they run in.</summary>
public static class ActorsConfig
{
    /// <summary>The mailbox of the users' actors.</summary>
    public const string LeanMailbox = "courserec.lean-mailbox";

    /// <summary>The mailbox of a partition.</summary>
    public const string PartitionMailbox = "courserec.partition-mailbox";

    /// <summary>
    /// The settings. The host ends the actor system when it has drained the partitions; the process's end does not.
    /// </summary>
    public static Config Config { get; } =
        ConfigurationFactory.ParseString(
            $$"""
            {{LeanMailbox}} { mailbox-type = "{{typeof(LeanMailbox).AssemblyQualifiedName}}" }
            {{PartitionMailbox}} { mailbox-type = "{{typeof(PartitionMailbox).AssemblyQualifiedName}}" }
            akka {
              loglevel = WARNING
              stdout-loglevel = OFF
              actor.default-dispatcher.throughput = 100
              scheduler { implementation = "{{typeof(ThreadScheduler).AssemblyQualifiedName}}", tick-duration = 20ms }
              coordinated-shutdown.run-by-clr-shutdown-hook = off
            }
            """
        );
}
