namespace CourseRec.Models.Sequential;

/// <summary>What a model file holds.</summary>
/// <param name="Parameters">Shape, vocabulary and weights.</param>
/// <param name="Version">Names this very model, wherever it is served.</param>
/// <param name="Metrics">What was measured, such as <c>ndcg@10</c>; all finite.</param>
/// <param name="Training">How it came to be, such as the seed or the file that it was trained on.</param>
public sealed record SavedSequentialModel(
    SequentialParameters Parameters,
    string Version,
    IReadOnlyDictionary<string, double> Metrics,
    IReadOnlyDictionary<string, string> Training
);
