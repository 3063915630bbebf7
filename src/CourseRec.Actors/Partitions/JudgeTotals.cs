using System.Buffers;
using CourseRec.Actors.Sessions;
using CourseRec.Models;
using CourseRec.Models.Evaluation;

namespace CourseRec.Actors.Partitions;

/// <summary>
/// A contender's judged events, added up. Kept per partition and stored with its counters, so no event is counted
/// twice.
/// </summary>
internal readonly record struct JudgeTotals(long Events, double HitRate10, double Ndcg10, double ReciprocalRank)
{
    public static JudgeTotals Of(double rank) =>
        new(1, RankingMetrics.HitRate(rank, 10), RankingMetrics.Ndcg(rank, 10), RankingMetrics.ReciprocalRank(rank));

    public static JudgeTotals operator +(JudgeTotals a, JudgeTotals b) =>
        new(a.Events + b.Events, a.HitRate10 + b.HitRate10, a.Ndcg10 + b.Ndcg10, a.ReciprocalRank + b.ReciprocalRank);

    public static JudgeTotals operator -(JudgeTotals a, JudgeTotals b) =>
        new(a.Events - b.Events, a.HitRate10 - b.HitRate10, a.Ndcg10 - b.Ndcg10, a.ReciprocalRank - b.ReciprocalRank);

    public void Write(IBufferWriter<byte> output)
    {
        output.WriteVarint(Events);
        output.WriteFixed(BitConverter.DoubleToUInt64Bits(HitRate10));
        output.WriteFixed(BitConverter.DoubleToUInt64Bits(Ndcg10));
        output.WriteFixed(BitConverter.DoubleToUInt64Bits(ReciprocalRank));
    }

    public static JudgeTotals Read(ref PackedReader input) =>
        new(
            input.ReadVarint(),
            BitConverter.UInt64BitsToDouble(input.ReadFixed()),
            BitConverter.UInt64BitsToDouble(input.ReadFixed()),
            BitConverter.UInt64BitsToDouble(input.ReadFixed())
        );

    public ContenderQuality Average(string name)
    {
        var events = Math.Max(1, Events);
        return new(name, (int)Events, HitRate10 / events, Ndcg10 / events, ReciprocalRank / events);
    }
}
