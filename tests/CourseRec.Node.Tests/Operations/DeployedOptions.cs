using CourseRec.Node.Options;
using Microsoft.Extensions.Configuration;

namespace CourseRec.Node.Tests.Operations;

/// <summary>What a node would make of the environment that it is deployed with.</summary>
internal static class DeployedOptions
{
    /// <summary>The options. Throws when the node would refuse to start with them.</summary>
    public static NodeOptions Read(IEnumerable<KeyValuePair<string, string>> environment)
    {
        var options = NodeOptionsReader.Read(
            new ConfigurationBuilder()
                .AddInMemoryCollection(
                    environment.Select(variable =>
                        KeyValuePair.Create(
                            variable.Key.Replace("__", ":", StringComparison.Ordinal),
                            (string?)variable.Value
                        )
                    )
                )
                .Build()
        );
        NodeOptionsReader.CheckToRun(options);
        return options;
    }
}
