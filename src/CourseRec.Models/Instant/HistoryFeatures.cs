using System.Numerics;
using CourseRec.Models.Baselines;

namespace CourseRec.Models.Instant;

/// <summary>
/// The features that only some courses have for a history, as columns over those courses. Scratch space of one thread;
/// allocates only when more is touched than ever before.
/// </summary>
internal sealed class HistoryFeatures
{
    private const int Blend = 0;
    private const int Last = (int)InstantFeature.Last - InstantFeatures.FirstSparse;
    private const int Earlier = (int)InstantFeature.Earlier - InstantFeatures.FirstSparse;
    private const int Breadth = (int)InstantFeature.Breadth - InstantFeatures.FirstSparse;
    private const int Seen = (int)InstantFeature.Seen - InstantFeatures.FirstSparse;

    private readonly float[][] _columns = new float[InstantFeatures.SparseCount][];
    private int[] _places = []; // by course: its place + 1, 0 outside of Fill
    private int[] _courses = [];
    private float[] _gathered = []; // [T]
    private int _count;

    public HistoryFeatures() => Array.Fill(_columns, []);

    /// <summary>The touched courses, [T], each once.</summary>
    public ReadOnlySpan<int> Courses => _courses.AsSpan(0, _count);

    /// <summary>A feature of the touched courses, [T].</summary>
    /// <param name="feature">0 … SparseCount − 1, from <see cref="InstantFeatures.FirstSparse"/> on.</param>
    public ReadOnlySpan<float> this[int feature] => Column(feature);

    /// <summary>The features of a history over a snapshot's courses.</summary>
    public void Fill(BaselineSnapshot snapshot, ReadOnlySpan<int> history)
    {
        Span<int> last = stackalloc int[BlendScorer.Depth];
        last = last[..snapshot.BlendScorer.LastDistinct(history, last)];
        Reserve(snapshot, last, history.Length);
        for (var i = 0; i < last.Length; i++)
            if (snapshot.ListOf(last[i]) is { } list)
                AddList(list, i, snapshot.CourseCount);
        foreach (var course in history)
            if ((uint)course < (uint)snapshot.CourseCount)
                _columns[Seen][PlaceOf(course)] = 1;
        var lift = snapshot.BlendScorer.Lift;
        var (shares, blend) = (snapshot.Weekly.Shares, _columns[Blend]);
        for (var place = 0; place < _count; place++)
        {
            var course = _courses[place];
            blend[place] *= lift[course] / (shares[course] + InstantFeatures.Nothing);
            _places[course] = 0;
        }
        LogOnePlus(Column(Blend));
        LogOnePlus(Column(Breadth));
    }

    /// <summary>Adds each touched course's features times their weights, [SparseCount], to its score.</summary>
    public void AddTo(Span<float> scores, ReadOnlySpan<float> weights)
    {
        var sums = _gathered.AsSpan(0, _count);
        sums.Clear();
        for (var feature = 0; feature < weights.Length; feature++)
            InstantLogits.Add(sums, Column(feature), weights[feature]);
        for (var place = 0; place < sums.Length; place++)
            scores[_courses[place]] += sums[place];
    }

    /// <summary>Σ_c p(c) · x(c) for each feature, [SparseCount].</summary>
    public void Expect(ReadOnlySpan<float> p, Span<float> sums)
    {
        var gathered = _gathered.AsSpan(0, _count);
        for (var place = 0; place < gathered.Length; place++)
            gathered[place] = p[_courses[place]];
        for (var feature = 0; feature < sums.Length; feature++)
            sums[feature] = InstantLogits.Dot(gathered, Column(feature));
    }

    private Span<float> Column(int feature) => _columns[feature].AsSpan(0, _count);

    private void AddList(SuccessorList list, int distance, int courseCount)
    {
        var (courses, weights, evidence) = (list.Courses, list.Weights, list.Evidence);
        var (blend, breadth) = (_columns[Blend], _columns[Breadth]);
        var own = _columns[Math.Min(Last + distance, Earlier)];
        var share = 1f / (distance + 1);
        for (var i = 0; i < courses.Length; i++)
        {
            if ((uint)courses[i] >= (uint)courseCount)
                continue;
            var place = PlaceOf(courses[i]);
            blend[place] += share * weights[i];
            own[place] += evidence[i];
            breadth[place] += 1;
        }
    }

    private int PlaceOf(int course)
    {
        ref var place = ref _places[course];
        if (place == 0)
        {
            _courses[_count] = course;
            place = ++_count;
        }
        return place - 1;
    }

    /// <summary>Makes room for all that may be touched, with zeros in it.</summary>
    private void Reserve(BaselineSnapshot snapshot, ReadOnlySpan<int> last, int room)
    {
        foreach (var course in last)
            room += snapshot.ListOf(course)?.Courses.Length ?? 0;
        if (_courses.Length < room)
        {
            (_courses, _gathered) = (new int[room * 2], new float[room * 2]);
            for (var feature = 0; feature < _columns.Length; feature++)
                _columns[feature] = new float[room * 2];
        }
        if (_places.Length < snapshot.CourseCount)
            _places = new int[snapshot.CourseCount * 2];
        foreach (var column in _columns)
            column.AsSpan(0, room).Clear();
        _count = 0;
    }

    private static void LogOnePlus(Span<float> values)
    {
        var i = 0;
        for (; i <= values.Length - Vector<float>.Count; i += Vector<float>.Count)
            Vector.Log(Vector<float>.One + new Vector<float>(values[i..])).CopyTo(values[i..]);
        for (; i < values.Length; i++)
            values[i] = MathF.Log(1 + values[i]);
    }
}
