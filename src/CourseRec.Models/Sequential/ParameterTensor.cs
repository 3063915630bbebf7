namespace CourseRec.Models.Sequential;

/// <summary>
/// One tensor's place in the flat parameter array; a vector has one row, except <c>outputBias</c>, which has a row a
/// token.
/// </summary>
/// <param name="Name">Its name, such as <c>layer0.qkv.weight</c>.</param>
/// <param name="Rows">Rows (outputs, for a weight).</param>
/// <param name="Columns">Columns (inputs, for a weight); the values are row-major.</param>
/// <param name="Offset">The first value's index in the flat array.</param>
public readonly record struct ParameterTensor(string Name, int Rows, int Columns, int Offset)
{
    /// <summary>Rows · Columns.</summary>
    public int Length => Rows * Columns;
}
