using Akka.Configuration;
using CourseRec.Actors.Hosting;

namespace CourseRec.Actors.Tests.Hosting;

/// <summary>The settings of actor systems under test: the program's, with patience for a slow machine.</summary>
internal static class TestConfig
{
    public static Config Patient { get; } =
        ConfigurationFactory
            .ParseString("akka.test { default-timeout = 60s, single-expect-default = 60s }")
            .WithFallback(ActorsConfig.Config);

    /// <summary>The same, and the actors' time goes on when the test says so.</summary>
    public static Config Timeless { get; } =
        ConfigurationFactory
            .ParseString("""akka.scheduler.implementation = "Akka.TestKit.TestScheduler, Akka.TestKit" """)
            .WithFallback(Patient);
}
