using CourseRec.Training.Native;

namespace CourseRec.Benchmarks.Model;

/// <summary>Serving and training speed of the model, side by side with the same model in plain PyTorch.</summary>
internal static class ModelBench
{
    /// <summary>The interpreter when none is named: Debian's own has Debian's PyTorch.</summary>
    public const string DefaultPython = "/usr/bin/python3";

    /// <summary>Measures.</summary>
    /// <param name="plan">How much.</param>
    /// <param name="python">The interpreter whose PyTorch is compared with.</param>
    /// <param name="say">Told what begins.</param>
    /// <param name="cancel">Stops early.</param>
    public static ModelReport Run(ModelBenchPlan plan, string python, Action<string> say, CancellationToken cancel)
    {
        say("the peer's start");
        var (peer, problem) = PyTorchPeer.Start(python);
        using (peer)
        {
            var report = new ModelReport
            {
                Cores = Environment.ProcessorCount,
                Courses = plan.Courses,
                Libtorch = TrainingRuntime.TorchVersion,
                TrainingProblem = TrainingRuntime.Problem,
                PyTorch = peer?.Version,
                PyTorchProblem = problem,
            };
            foreach (var task in ModelTask.All(plan.Courses))
            {
                say($"serving: {task.Name}");
                peer?.Load(task);
                report.Serving.Add(ModelServing.Run(task, plan, peer, cancel));
                if (TrainingRuntime.IsAvailable)
                    Train(task, plan, peer, report, say, cancel);
            }
            return report;
        }
    }

    private static void Train(
        ModelTask task,
        ModelBenchPlan plan,
        PyTorchPeer? peer,
        ModelReport report,
        Action<string> say,
        CancellationToken cancel
    )
    {
        if (peer is not null)
            report.Gradients.Add(ModelTraining.Compare(task, peer));
        say($"online steps: {task.Name}");
        report.Online.Add(ModelTraining.RunOnline(task, plan, peer, cancel));
        foreach (var threads in plan.Threads)
        {
            say($"training, threads {threads}: {task.Name}");
            report.Training.Add(ModelTraining.Run(task, threads, plan, peer, cancel));
        }
    }
}
