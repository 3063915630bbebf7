using CourseRec.Node.Options;

namespace CourseRec.Node.Simulation;

/// <summary>Simulated learners, when they are wanted.</summary>
internal static class SimulationServices
{
    public static IServiceCollection AddSimulation(this IServiceCollection services, SimulationOptions options) =>
        options.Enabled ? services.AddSingleton(options).AddHostedService<SimulationService>() : services;
}
