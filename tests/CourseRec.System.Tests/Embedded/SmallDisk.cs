using System.Diagnostics;

namespace CourseRec.SystemTests.Embedded;

/// <summary>A file system of some megabytes, mounted for a test.</summary>
internal sealed class SmallDisk : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("courserec-disk-").FullName;

    public SmallDisk(int megabytes) => Mount(_folder, megabytes);

    public string Path => _folder;

    /// <summary>Whether this process may mount.</summary>
    public static bool CanMount()
    {
        try
        {
            using var disk = new SmallDisk(1);
            return true;
        }
        catch (Exception e) when (e is InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }

    public void Dispose()
    {
        Run("umount", _folder);
        Directory.Delete(_folder);
    }

    private static void Mount(string folder, int megabytes)
    {
        if (Run("mount", "-t", "tmpfs", "-o", $"size={megabytes}m", "tmpfs", folder) == 0)
            return;
        Directory.Delete(folder);
        throw new InvalidOperationException("mounting is not allowed here");
    }

    private static int Run(string program, params string[] arguments)
    {
        using var process = Process.Start(
            new ProcessStartInfo(program, arguments) { RedirectStandardError = true, RedirectStandardOutput = true }
        )!;
        process.WaitForExit();
        return process.ExitCode;
    }
}

/// <summary>A test that mounts a file system of its own; skipped where that is not allowed.</summary>
internal sealed class SmallDiskFactAttribute : FactAttribute
{
    public SmallDiskFactAttribute()
    {
        if (!SmallDisk.CanMount())
            Skip = "Mounting a small file system needs root.";
    }
}
