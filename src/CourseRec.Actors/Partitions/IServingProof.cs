namespace CourseRec.Actors.Partitions;

/// <summary>Whether this process may answer for its partitions, and push: others may have them already.</summary>
internal interface IServingProof
{
    /// <summary>Asked anew for every answer and push.</summary>
    bool IsProven { get; }
}

/// <summary>The proof of who has nobody beside him, or of who serves nobody.</summary>
/// <param name="isProven">Whether he may serve.</param>
internal sealed class FixedProof(bool isProven) : IServingProof
{
    /// <inheritdoc/>
    public bool IsProven => isProven;
}
