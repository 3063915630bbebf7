using CourseRec.Simulation.Catalogue;

namespace CourseRec.Simulation.Learners;

/// <summary>
/// What all learners share and what drifts: which courses are released, how popular subjects and courses are, and which
/// tracks people go on to from a track.
/// </summary>
internal sealed class World
{
    private const int RelatedTracks = 3;
    private const int Novelties = 8;

    private static readonly double[] RelatedWeights = [0.5, 0.3, 0.2];

    private readonly CourseMap _map;
    private readonly DriftOptions? _drift;
    private readonly int[] _order;
    private readonly bool[] _released;
    private readonly double[] _subjects;
    private readonly double[] _popularity;
    private readonly double[] _cumulative;
    private readonly int[][] _related;
    private readonly int _firstLaunch;
    private SeededRandom _random;
    private int _launched;
    private long _nextLaunch = long.MaxValue;
    private long _nextStep = long.MaxValue;

    /// <summary>The world at time 0.</summary>
    public World(CourseMap map, int seed, DriftOptions? drift)
    {
        (_map, _drift) = (map, drift);
        _random = SeededRandom.For(seed, "world");
        _order = GrowthOrder.Of(map.Prerequisites, _random);
        _launched = _firstLaunch = map.TrackOf.Length - (int)(map.TrackOf.Length * (drift?.UnreleasedShare ?? 0));
        _released = new bool[map.TrackOf.Length];
        foreach (var course in _order.AsSpan(0, _launched))
            _released[course] = true;
        _subjects = [.. Enumerable.Range(0, map.Subjects.Length).Select(i => 1.0 / (i + 3))];
        _random.Shuffle<double>(_subjects);
        _popularity = [.. map.Popularity];
        _cumulative = new double[_popularity.Length];
        _related = [.. map.Tracks.Select((_, track) => Enumerable.Repeat(track, RelatedTracks).ToArray())];
        foreach (var track in Enumerable.Range(0, _related.Length))
            for (var i = 0; i < RelatedTracks; i++)
                Relate(track, i);
        if (drift is not null)
            (_nextLaunch, _nextStep) = (Milliseconds(drift.LaunchEvery), Milliseconds(drift.TasteStep));
        Accumulate();
    }

    /// <summary>Whether a course can be taken.</summary>
    public bool IsReleased(int course) => _released[course];

    /// <summary>Launches the next course if one is due by a time, and says which and when.</summary>
    public bool TryLaunch(long now, out int course, out long time)
    {
        (course, time) = (-1, _nextLaunch);
        if (now < _nextLaunch || _launched == _order.Length)
            return false;
        course = _order[_launched++];
        _released[course] = true;
        _nextLaunch += Milliseconds(_drift!.LaunchEvery);
        Accumulate();
        return true;
    }

    /// <summary>Lets tastes wander up to a time.</summary>
    public void Drift(long now)
    {
        while (now >= _nextStep)
        {
            _nextStep += Milliseconds(_drift!.TasteStep);
            Wander();
        }
    }

    /// <summary>A track of a subject, by the subjects' popularity now.</summary>
    public int AnyTrack(ref SeededRandom random)
    {
        var tracks = _map.Subjects[random.NextWeighted(_subjects)];
        return tracks[random.Next(tracks.Length)];
    }

    /// <summary>A track that people go on to from one.</summary>
    public int RelatedTrack(int track, ref SeededRandom random) => _related[track][random.NextWeighted(RelatedWeights)];

    /// <summary>A released course, by popularity.</summary>
    public int PopularCourse(ref SeededRandom random)
    {
        var at = Array.BinarySearch(_cumulative, random.NextDouble() * _cumulative[^1]);
        // Just past the value: courses that are not released repeat the sum before them and are never hit.
        return Math.Min(at < 0 ? ~at : at + 1, _cumulative.Length - 1);
    }

    /// <summary>One of the latest launches, or −1 before the first.</summary>
    public int NewCourse(ref SeededRandom random)
    {
        var count = Math.Min(_launched - _firstLaunch, Novelties);
        return count == 0 ? -1 : _order[_launched - 1 - random.Next(count)];
    }

    private void Wander()
    {
        foreach (ref var weight in _subjects.AsSpan())
            weight = Math.Clamp(weight * (_random.Chance(0.5) ? 0.8 : 1.25), 0.01, 1);
        for (var i = 0; i < 1 + _popularity.Length / 50; i++)
        {
            var (a, b) = (_random.Next(_popularity.Length), _random.Next(_popularity.Length));
            (_popularity[a], _popularity[b]) = (_popularity[b], _popularity[a]);
        }
        for (var i = 0; i < 1 + _related.Length / 12; i++)
            Relate(_random.Next(_related.Length), _random.Next(RelatedTracks));
        Accumulate();
    }

    /// <summary>Mostly another track of the same subject, now and then of any.</summary>
    private void Relate(int track, int i)
    {
        var siblings = _map.Subjects[_map.SubjectOf[track]];
        _related[track][i] = _random.Chance(0.7)
            ? siblings[_random.Next(siblings.Length)]
            : _random.Next(_related.Length);
    }

    private void Accumulate()
    {
        var sum = 0.0;
        for (var course = 0; course < _popularity.Length; course++)
            _cumulative[course] = sum += _released[course] ? _popularity[course] : 0;
    }

    private static long Milliseconds(TimeSpan span) => span.Ticks / TimeSpan.TicksPerMillisecond;
}
