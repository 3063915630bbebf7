using System.Diagnostics;

namespace CourseRec.TestSupport;

/// <summary>How the servers that tests start run on Java.</summary>
internal static class Java
{
    /// <summary>
    /// Sets options for what a process starts. Code is compiled once, quickly: a server that lives for a minute spends
    /// a third of its processor time in compiling better.
    /// </summary>
    public static void Configure(ProcessStartInfo start, params IEnumerable<string> options) =>
        start.Environment["JDK_JAVA_OPTIONS"] = string.Join(' ', options.Prepend("-XX:TieredStopAtLevel=1"));
}
