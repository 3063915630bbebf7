using CourseRec.Actors.Ports;
using CourseRec.Models.Catalogue;

namespace CourseRec.Actors.Catalogue;

/// <summary>
/// The catalogue as this node has folded it. Reads are safe from any thread. A course that turned up in an interaction before its
/// catalogue record is a course without a title, and available.
/// </summary>
public sealed class CourseCatalogue
{
    /// <summary>An empty catalogue over the process's course indices.</summary>
    public CourseCatalogue(CourseIndex courses) => throw new NotImplementedException();

    /// <summary>Rises with every change; cheap to read.</summary>
    public long Revision => throw new NotImplementedException();

    /// <summary>Whether a course may be recommended: known or not, but neither deleted nor marked unavailable.</summary>
    public bool IsAvailable(int index) => throw new NotImplementedException();

    /// <summary>A course's title, when the catalogue has one.</summary>
    public string? Title(int index) => throw new NotImplementedException();

    /// <summary>Folds one record.</summary>
    public void Apply(CatalogueRecord record) => throw new NotImplementedException();
}
