namespace CourseRec.TestSupport;

/// <summary>A file that is gone after the test.</summary>
public sealed class TemporaryFile : IDisposable
{
    /// <summary>Writes one with a text.</summary>
    public TemporaryFile(string text) => File.WriteAllText(Path, text);

    /// <summary>Writes one with these bytes.</summary>
    public TemporaryFile(byte[] bytes) => File.WriteAllBytes(Path, bytes);

    /// <summary>Where it is.</summary>
    public string Path { get; } =
        System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"courserec-{Guid.NewGuid():N}.txt");

    /// <inheritdoc/>
    public void Dispose() => File.Delete(Path);
}
