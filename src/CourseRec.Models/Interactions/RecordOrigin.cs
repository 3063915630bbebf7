namespace CourseRec.Models.Interactions;

/// <summary>Where a forwarded record was first accepted, before it was moved to its user's partition.</summary>
/// <param name="Generation">The generation of the log it was read from.</param>
/// <param name="Partition">The partition it was read from.</param>
/// <param name="Offset">Its offset there.</param>
public readonly record struct RecordOrigin(int Generation, int Partition, long Offset);
