using System.Reflection;
using System.Runtime.InteropServices;

namespace CourseRec.Training.Native;

/// <summary>Whether this machine can train: the native library is there and fits.</summary>
public static class TrainingRuntime
{
    private static readonly Lazy<(string? Torch, string? Problem)> State = new(Probe);

    /// <summary>Whether <see cref="TrainingModel.Create"/> can work.</summary>
    public static bool IsAvailable => Problem is null;

    /// <summary>Why this machine can't train, in one line; null if it can.</summary>
    public static string? Problem => State.Value.Problem;

    /// <summary>The version of libtorch, such as 1.13.1; null without it.</summary>
    public static string? TorchVersion => State.Value.Torch;

    /// <exception cref="TrainingException">This machine can't train.</exception>
    internal static void Require()
    {
        if (Problem is { } problem)
            throw new TrainingException(problem);
    }

    private static (string?, string?) Probe()
    {
        try
        {
            return NativeMethods.GetAbi() == NativeMethods.Abi
                ? (NativeMethods.TorchVersion, null)
                : (null, "The native training library is of another version of CourseRec: run ./build.");
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException or BadImageFormatException)
        {
            return (null, $"There is no libtorch on this machine: this node serves but does not train ({Cause()}).");
        }
    }

    /// <summary>
    /// The runtime's own message lists every path it tried; the file beside the app is the one that matters.
    /// </summary>
    private static string Cause()
    {
        var path = Path.Combine(AppContext.BaseDirectory, "libcourserec_native.so");
        if (!File.Exists(path))
            return "libcourserec_native.so was not built: run ./build where libtorch-dev can be installed";
        try
        {
            NativeLibrary.Load(path, Assembly.GetExecutingAssembly(), DllImportSearchPath.AssemblyDirectory);
            return "it has no usable interface";
        }
        catch (Exception e) when (e is DllNotFoundException or BadImageFormatException)
        {
            return e.Message.ReplaceLineEndings(" ").Trim();
        }
    }
}
