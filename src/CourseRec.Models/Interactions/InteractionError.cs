namespace CourseRec.Models.Interactions;

/// <summary>
/// Why an interaction was refused. <paramref name="Field"/> is empty when the record as a whole is at fault.
/// </summary>
/// <param name="Field">The JSON field at fault, as in <c>user</c> or <c>context.language</c>.</param>
/// <param name="Reason">One clear sentence: what is wrong and what is allowed.</param>
public readonly record struct InteractionError(string Field, string Reason)
{
    /// <inheritdoc/>
    public override string ToString() => string.IsNullOrEmpty(Field) ? Reason ?? "" : $"{Field}: {Reason}";
}
