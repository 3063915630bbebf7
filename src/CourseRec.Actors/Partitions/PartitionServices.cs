using CourseRec.Actors.Catalogue;
using CourseRec.Actors.Learning;
using CourseRec.Actors.Ports;
using CourseRec.Actors.Recommendations;
using CourseRec.Models.Catalogue;
using Microsoft.Extensions.Logging;

namespace CourseRec.Actors.Partitions;

/// <summary>What every partition of a process shares.</summary>
/// <param name="Options">Their bounds.</param>
/// <param name="Log">The log.</param>
/// <param name="Store">The session store.</param>
/// <param name="Courses">The courses' indices in this process.</param>
/// <param name="Catalogue">The courses.</param>
/// <param name="Recommender">Ranks.</param>
/// <param name="JudgeWindow">The judged events.</param>
/// <param name="Held">The partitions that this process has.</param>
/// <param name="Proof">Whether this process may serve.</param>
/// <param name="Owner">The process, as it claims partitions; null: it only reads, to learn, and writes nothing.</param>
/// <param name="Examples">Is taught.</param>
/// <param name="Judged">Is told what was judged.</param>
/// <param name="Output">Takes every changed list.</param>
/// <param name="Time">The clock.</param>
/// <param name="Logger">Tells the operator.</param>
internal sealed record PartitionServices(
    SessionHostOptions Options,
    IInteractionLog Log,
    ISessionStore Store,
    CourseIndex Courses,
    CourseCatalogue Catalogue,
    Recommender Recommender,
    JudgeWindow JudgeWindow,
    HeldPartitions Held,
    IServingProof Proof,
    string? Owner,
    IExampleSink? Examples,
    IJudgeSink? Judged,
    IRecommendationOutput? Output,
    TimeProvider Time,
    ILogger Logger
);
