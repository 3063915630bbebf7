using System.Reflection;
using System.Runtime.InteropServices;
using SQLitePCL;

namespace CourseRec.Sqlite;

/// <summary>Binds the managed provider to the system's own, patched SQLite (Debian: libsqlite3-0).</summary>
internal static class SqliteEngine
{
    private static readonly string[] Names = ["libsqlite3.so.0", "libsqlite3.dylib", "sqlite3"];

    private static readonly Lazy<bool> Loaded = new(Load);

    public static void EnsureLoaded() => _ = Loaded.Value;

    private static bool Load()
    {
        NativeLibrary.SetDllImportResolver(typeof(SQLite3Provider_e_sqlite3).Assembly, Resolve);
        raw.SetProvider(new SQLite3Provider_e_sqlite3());
        return true;
    }

    private static IntPtr Resolve(string name, Assembly assembly, DllImportSearchPath? path)
    {
        if (name != "e_sqlite3")
            return IntPtr.Zero;
        foreach (var candidate in Names)
        {
            if (NativeLibrary.TryLoad(candidate, out var handle))
                return handle;
        }
        throw new DllNotFoundException(
            "SQLite is missing on this machine: install libsqlite3-0 (apt-get install libsqlite3-0)."
        );
    }
}
