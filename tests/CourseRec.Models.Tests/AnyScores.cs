using FsCheck;
using FsCheck.Fluent;

namespace CourseRec.Models.Tests;

/// <summary>What a scorer may give, for properties: many ties, infinities, and what is no number.</summary>
public static class AnyScores
{
    private static readonly Gen<float> Score = Gen.Frequency(
        (1, Gen.Elements(float.NegativeInfinity, float.NaN, float.PositiveInfinity)),
        (2, Gen.Choose(-5, 4).Select(quarters => quarters / 4f))
    );

    public static Arbitrary<float[]> Scores() => Arb.From(Score.ArrayOf(), ArbMap.Default.ArbFor<float[]>().Shrinker);
}
