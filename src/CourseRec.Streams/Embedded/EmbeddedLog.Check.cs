namespace CourseRec.Streams.Embedded;

public sealed partial class EmbeddedLog
{
    private static readonly string[] NetworkFileSystems =
    [
        "nfs",
        "nfs4",
        "cifs",
        "smb",
        "smb2",
        "smbfs",
        "9p",
        "fuse.sshfs",
    ];

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<string>> CheckSettingsAsync(CancellationToken cancel)
    {
        var findings = new List<string>();
        var drive = new DriveInfo(Path.GetDirectoryName(_file.Path)!);
        var growth = _options.RetainBytes - _partitions.Sum(p => p.Position.Bytes);
        if (drive.AvailableFreeSpace < growth)
            findings.Add(
                $"{_file.Path} may grow by {ToMiB(growth)} MiB, and its disk has {ToMiB(drive.AvailableFreeSpace)} "
                    + "MiB free: "
                    + "free some space, or lower RetainBytes."
            );
        if (NetworkFileSystems.Contains(drive.DriveFormat))
            findings.Add($"{_file.Path} is on a network file system ({drive.DriveFormat}): move it to a local disk.");
        if (drive.DriveFormat is "tmpfs" or "ramfs")
            findings.Add($"{_file.Path} is in memory ({drive.DriveFormat}) and lost at a restart: move it to a disk.");
        return new(findings);
    }

    private static long ToMiB(long bytes) => bytes >> 20;
}
