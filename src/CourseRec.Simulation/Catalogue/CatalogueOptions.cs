namespace CourseRec.Simulation.Catalogue;

/// <summary>What catalogue to generate.</summary>
public sealed record CatalogueOptions
{
    /// <summary>
    /// Decides which courses are offered, their prices and how popular they are. A course's id and text do not depend
    /// on it.
    /// </summary>
    public int Seed { get; init; } = 1;

    /// <summary>Courses in the catalogue, 1 … <see cref="CatalogueGenerator.MaxCourses"/>.</summary>
    public int Courses { get; init; } = 500;
}
