namespace CourseRec.Training.Tests.Online;

/// <summary>An empty folder, gone after the test.</summary>
internal sealed class TempFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("courserec-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
