using System.Collections.Concurrent;
using CourseRec.Models;
using CourseRec.Models.Instant;

namespace CourseRec.Actors.Learning;

/// <summary>
/// Learns the weights of the contenders' instant layers from judged events. Users' actors offer them; whoever publishes
/// snapshots learns from them just before, with what the layers knew when they judged: a newer snapshot may have
/// counted the very event. What comes faster than it can be learned from is left out.
/// </summary>
internal sealed class InstantLearning
{
    private const int MaxWaiting = 100;

    private readonly ConcurrentQueue<(InstantScorer[] Layers, int[] History, int[] Taken, int Course)> _waiting = new();
    private readonly ConcurrentDictionary<string, InstantLearner> _learners = new();

    /// <summary>What each contender's layer has come to.</summary>
    public IReadOnlyDictionary<string, InstantWeights> Weights =>
        _learners.ToDictionary(layer => layer.Key, layer => layer.Value.Current);

    /// <summary>Goes on from saved weights; before anything is learned.</summary>
    public void Restore(IReadOnlyDictionary<string, InstantWeights> weights)
    {
        foreach (var (contender, start) in weights)
            _learners[contender] = new(start);
    }

    /// <summary>A contender's weights now.</summary>
    public InstantWeights WeightsOf(string contender, bool hasSequence) => LearnerOf(contender, hasSequence).Current;

    /// <summary>Hands a judged event over, unless enough wait already.</summary>
    /// <param name="contenders">Who judged it.</param>
    /// <param name="history">The user's courses before it, oldest first.</param>
    /// <param name="taken">Courses that could not have been recommended.</param>
    /// <param name="course">The course that was chosen.</param>
    public void Offer(
        IEnumerable<ICourseScorer> contenders,
        ReadOnlySpan<int> history,
        ReadOnlySpan<int> taken,
        int course
    )
    {
        if (_waiting.Count < MaxWaiting)
            _waiting.Enqueue(([.. contenders.OfType<InstantScorer>()], [.. history], [.. taken], course));
    }

    /// <summary>Learns from what waits. One caller at a time.</summary>
    /// <returns>Whether there was anything.</returns>
    public bool Learn()
    {
        var any = false;
        for (var left = MaxWaiting; left > 0 && _waiting.TryDequeue(out var e); left--)
        {
            any = true;
            foreach (var layer in e.Layers)
                LearnerOf(layer.Name, layer.Sequence is not null).Learn(layer, e.History, e.Taken, e.Course);
        }
        return any;
    }

    private InstantLearner LearnerOf(string contender, bool hasSequence) =>
        _learners.GetOrAdd(contender, _ => new(InstantWeights.Start(hasSequence)));
}
