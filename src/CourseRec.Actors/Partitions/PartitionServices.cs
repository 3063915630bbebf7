using CourseRec.Actors.Catalogue;
using CourseRec.Actors.Learning;
using CourseRec.Actors.Ports;
using CourseRec.Actors.Recommendations;
using CourseRec.Models.Catalogue;
using Microsoft.Extensions.Logging;

namespace CourseRec.Actors.Partitions;

/// <summary>What every shard of a process shares.</summary>
internal sealed record PartitionServices(
    SessionHostOptions Options,
    IInteractionLog Log,
    ISessionStore Store,
    CourseIndex Courses,
    CourseCatalogue Catalogue,
    Recommender Recommender,
    JudgeWindow JudgeWindow,
    IExampleSink? Examples,
    IJudgeSink? Judged,
    IRecommendationOutput? Output,
    TimeProvider Time,
    ILogger Logger
);
