using System.Text.RegularExpressions;
using CourseRec.Node.Options;
using k8s;
using k8s.Models;

namespace CourseRec.Node.Tests.Operations;

/// <summary>
/// What stands in <c>docker/kubernetes/</c> is what Kubernetes knows, belongs together, and configures nodes that form
/// one cluster. The manifests are read into the typed objects of Kubernetes' own client, strictly.
/// </summary>
public sealed partial class ManifestTests
{
    private const string Folder = "kubernetes";
    private static readonly IReadOnlyList<object> Manifests = [.. Files().SelectMany(Load)];

    private static V1StatefulSet Nodes => Manifests.OfType<V1StatefulSet>().Single();

    private static V1Deployment Trainer => Manifests.OfType<V1Deployment>().Single();

    private static V1PodTemplateSpec[] Pods =>
        [Nodes.Spec.Template, Trainer.Spec.Template, Manifests.OfType<V1Job>().Single().Spec.Template];

    [Fact]
    public void Every_manifest_is_listed_and_has_only_fields_that_Kubernetes_knows()
    {
        Assert.Equal(
            Directory.EnumerateFiles(PathOf(""), "*.yaml").Select(Path.GetFileName).Order(StringComparer.Ordinal),
            Files().Append("kustomization.yaml").Order(StringComparer.Ordinal)
        );
        Assert.Equal(11 - 1, Manifests.Count); // The ConfigMap is made from courserec.env.
    }

    [Theory]
    [InlineData("serviceName:", "servicename:")]
    [InlineData("periodSeconds: 1", "periodSecond: 1")]
    [InlineData("periodSeconds: 1", "periodSeconds: often")]
    [InlineData("memory: 4Gi", "memory: 4Gib")]
    [InlineData("maxUnavailable: 1", "maxUnavailible: 1")]
    [InlineData("apiVersion: apps/v1", "apiVersion: apps/v2")]
    [InlineData("kind: StatefulSet", "kind: StatefullSet")]
    public void A_misspelt_field_value_or_kind_is_found(string right, string wrong)
    {
        var text = File.ReadAllText(PathOf("nodes.yaml"));
        Assert.Contains(right, text, StringComparison.Ordinal);
        Assert.ThrowsAny<Exception>(() => Parse(text.Replace(right, wrong, StringComparison.Ordinal)));
    }

    [Fact]
    public void Every_selector_finds_its_pods()
    {
        var (nodes, trainer) = (Nodes.Spec, Trainer.Spec);
        Assert.True(Selects(nodes.Selector.MatchLabels, nodes.Template));
        Assert.True(Selects(trainer.Selector.MatchLabels, trainer.Template));
        Assert.False(Selects(nodes.Selector.MatchLabels, trainer.Template));
        Assert.Equal(
            nodes.Selector.MatchLabels,
            Manifests.OfType<V1PodDisruptionBudget>().Single().Spec.Selector.MatchLabels
        );
        Assert.All(
            nodes.Template.Spec.TopologySpreadConstraints,
            spread => Assert.Equal(nodes.Selector.MatchLabels, spread.LabelSelector.MatchLabels)
        );
        Assert.All(Services(), service => Assert.Equal(nodes.Selector.MatchLabels, service.Spec.Selector));
        Assert.All(Pods, pod => Assert.True(Selects(Network().PodSelector.MatchLabels, pod)));
        var claims = Manifests.OfType<V1PersistentVolumeClaim>().Select(claim => claim.Metadata.Name);
        Assert.Equal(
            claims,
            trainer.Template.Spec.Volumes.Select(volume => volume.PersistentVolumeClaim?.ClaimName).OfType<string>()
        );
    }

    [Fact]
    public void Every_port_that_is_named_is_a_containers()
    {
        var ports = Nodes.Spec.Template.Spec.Containers.Single().Ports.ToDictionary(p => p.Name, p => p.ContainerPort);
        Assert.Equal(5080, ports["http"]);
        Assert.Equal(4053, ports["cluster"]);
        var named = Services()
            .SelectMany(service => service.Spec.Ports.Select(port => port.TargetPort.Value))
            .Concat(Network().Ingress.SelectMany(rule => rule.Ports.Select(port => port.Port.Value)))
            .Concat(Pods.SelectMany(Probes).Select(probe => probe.HttpGet.Port.Value));
        Assert.All(named, name => Assert.Contains(name, ports.Keys));
        var (path, services) = (
            Manifests.OfType<V1Ingress>().Single().Spec.Rules.Single().Http.Paths.Single(),
            Services()
        );
        var service = services.Single(service => service.Metadata.Name == path.Backend.Service.Name);
        Assert.Contains(path.Backend.Service.Port.Name, service.Spec.Ports.Select(port => port.Name));
    }

    [Fact]
    public void Nodes_take_their_options_and_the_seeds_are_the_first_pods()
    {
        var seeds = Options(Nodes.Spec.Template, "any").Cluster.Seeds;
        Assert.Equal(Nodes.Spec.Replicas, seeds.Count);
        for (var pod = 0; pod < seeds.Count; pod++)
        {
            var node = Options(Nodes.Spec.Template, $"{Nodes.Metadata.Name}-{pod}");
            Assert.Equal(seeds[pod], node.Cluster.Address);
            Assert.Equal(
                new Uri($"http://{seeds[pod].Replace(":4053", ":5080", StringComparison.Ordinal)}"),
                node.Cluster.Advertise
            );
            Assert.True(node is { IsClustered: true, FollowsModel: true });
        }
        var names = Services().Single(service => service.Metadata.Name == Nodes.Spec.ServiceName).Spec;
        Assert.True(names is { ClusterIP: "None", PublishNotReadyAddresses: true });
        Assert.Contains($".{Nodes.Spec.ServiceName}.", seeds[0], StringComparison.Ordinal);
    }

    [Fact]
    public void The_trainer_takes_its_options_and_asks_the_nodes_for_the_cluster()
    {
        var trainer = Options(Trainer.Spec.Template, "courserec-trainer-5d5f-x2x");
        Assert.True(trainer.OnlyTrains);
        Assert.Equal(Options(Nodes.Spec.Template, "any").Cluster.Seeds, trainer.Cluster.Seeds);
        Assert.DoesNotContain(trainer.Cluster.Address, trainer.Cluster.Seeds);
    }

    [Fact]
    public void No_pod_runs_as_root_or_writes_outside_its_volumes()
    {
        foreach (var pod in Pods)
        {
            var container = pod.Spec.Containers.Single();
            Assert.True(pod.Spec.SecurityContext is { RunAsNonRoot: true, SeccompProfile.Type: "RuntimeDefault" });
            Assert.True(container.SecurityContext is { ReadOnlyRootFilesystem: true, AllowPrivilegeEscalation: false });
            Assert.Equal(["ALL"], container.SecurityContext.Capabilities.Drop);
            var volumes = (pod.Spec.Volumes ?? [])
                .Select(volume => volume.Name)
                .Concat(pod == Nodes.Spec.Template ? Nodes.Spec.VolumeClaimTemplates.Select(c => c.Metadata.Name) : []);
            Assert.All(container.VolumeMounts, mount => Assert.Contains(mount.Name, volumes));
        }
    }

    private static bool Selects(IDictionary<string, string> labels, V1PodTemplateSpec pod) =>
        labels.All(label => pod.Metadata.Labels.TryGetValue(label.Key, out var value) && value == label.Value);

    private static V1Service[] Services() => [.. Manifests.OfType<V1Service>()];

    private static V1NetworkPolicySpec Network() => Manifests.OfType<V1NetworkPolicy>().Single().Spec;

    private static IEnumerable<V1Probe> Probes(V1PodTemplateSpec pod)
    {
        var container = pod.Spec.Containers.Single();
        return new[] { container.StartupProbe, container.LivenessProbe, container.ReadinessProbe }.OfType<V1Probe>();
    }

    /// <summary>The options that a pod's node reads from its environment.</summary>
    private static NodeOptions Options(V1PodTemplateSpec pod, string name)
    {
        var shared = SharedOptions().Matches(File.ReadAllText(PathOf("courserec.env")));
        var own = pod.Spec.Containers.Single().Env.Where(variable => variable.Value is not null);
        return DeployedOptions.Read([
            .. shared.Select(option => KeyValuePair.Create(option.Groups[1].Value, option.Groups[2].Value)),
            .. own.Select(variable =>
                KeyValuePair.Create(
                    variable.Name,
                    variable
                        .Value.Replace("$(POD_NAME)", name, StringComparison.Ordinal)
                        .Replace("$(POD_IP)", "10.1.2.3", StringComparison.Ordinal)
                )
            ),
        ]);
    }

    /// <summary>What is in a manifest. Without an exception, Kubernetes knows every field.</summary>
    private static List<object> Parse(string text) => KubernetesYaml.LoadAllFromString(text, strict: true);

    private static List<object> Load(string file) => Parse(File.ReadAllText(PathOf(file)));

    private static string[] Files() =>
        [.. Resources().Matches(File.ReadAllText(PathOf("kustomization.yaml"))).Select(match => match.Groups[1].Value)];

    private static string PathOf(string file) => Repository.PathOf("docker", Folder, file);

    [GeneratedRegex("^  - (\\w+\\.yaml)$", RegexOptions.Multiline)]
    private static partial Regex Resources();

    [GeneratedRegex("^(CourseRec__\\w+)=(.*)$", RegexOptions.Multiline)]
    private static partial Regex SharedOptions();
}
