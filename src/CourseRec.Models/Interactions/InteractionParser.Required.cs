using System.Numerics;

namespace CourseRec.Models.Interactions;

public sealed partial class InteractionParser
{
    private const InteractionField Always = InteractionField.User | InteractionField.Type;
    private const InteractionField Stamps = InteractionField.Id | InteractionField.Time;
    private const InteractionField OriginParts =
        InteractionField.OriginGeneration | InteractionField.OriginPartition | InteractionField.OriginOffset;

    /// <summary>
    /// Whether these fields were given, and those that the type needs; the first that was not is named.
    /// </summary>
    private bool HasRequired(InteractionField always)
    {
        if (!HasAll(always))
            return false;
        if (IsErasure)
            return Course.IsEmpty || Refuse("course", "is not allowed with the type erase");
        if (IsUnparking)
            return HasAll(InteractionField.Origin);
        if (!HasAll(InteractionField.Course))
            return false;
        return Type != InteractionType.Rate
            || !double.IsNaN(Value)
            || Refuse("value", "is required when the type is rate");
    }

    private bool HasAll(InteractionField fields)
    {
        var missing = (int)(fields & ~_seen);
        if (missing == 0)
            return true;
        var first = (InteractionField)(1 << BitOperations.TrailingZeroCount(missing));
        return Refuse(first.Name(), "is required");
    }
}
