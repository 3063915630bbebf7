using System.Globalization;

namespace CourseRec.Training.Online;

/// <summary>
/// Tells a round whose mean training loss is far above what it was of late. A level that stays becomes the new normal
/// within a few rounds, so that a change of what users do is refused once or twice at most.
/// </summary>
internal sealed class LossWatch
{
    private const double Memory = 0.8;
    private const int Rounds = 5; // before it judges
    private const double Factor = 1.3;
    private const double Deviations = 6;

    private double _mean;
    private double _variance;
    private int _rounds;

    /// <summary>Takes a round's mean loss; answers why it is a spike, in half a line, or null.</summary>
    public string? Take(double loss)
    {
        var limit = Math.Max(_mean * Factor, _mean + Deviations * Math.Sqrt(_variance));
        var refusal =
            _rounds < Rounds || loss <= limit
                ? null
                : string.Create(
                    CultureInfo.InvariantCulture,
                    $"its training loss jumped to {loss:0.00} nats from {_mean:0.00}"
                );
        var step = _rounds == 0 ? 0 : Memory;
        var off = loss - _mean;
        _variance = _rounds == 0 ? 0 : step * (_variance + (1 - step) * off * off);
        _mean += (1 - step) * off;
        _rounds++;
        return refusal;
    }

    /// <summary>Forgets everything, after a roll-back.</summary>
    public void Reset() => (_mean, _variance, _rounds) = (0, 0, 0);
}
