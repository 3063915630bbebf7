using System.Runtime.InteropServices;

namespace CourseRec.Training.Native;

/// <summary>
/// The C interface of native/bert4rec.cpp. Every <c>int</c> result is 0, or an error whose message
/// <see cref="LastError"/> has.
/// </summary>
internal static unsafe partial class NativeMethods
{
    public const int Abi = 2;

    private const string Library = "courserec_native";

    [LibraryImport(Library, EntryPoint = "courserec_abi")]
    public static partial int GetAbi();

    [LibraryImport(Library, EntryPoint = "courserec_torch_version")]
    private static partial byte* GetTorchVersion();

    [LibraryImport(Library, EntryPoint = "courserec_last_error")]
    private static partial byte* GetLastError();

    [LibraryImport(Library, EntryPoint = "courserec_create", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Create(in NativeConfig config, string device, out ModelHandle model);

    [LibraryImport(Library, EntryPoint = "courserec_destroy")]
    public static partial void Destroy(nint model);

    [LibraryImport(Library, EntryPoint = "courserec_parameter_count")]
    public static partial int ParameterCount(ModelHandle model, out long count);

    [LibraryImport(Library, EntryPoint = "courserec_get_parameters")]
    public static partial int GetParameters(ModelHandle model, int averaged, Span<float> values, long count);

    [LibraryImport(Library, EntryPoint = "courserec_set_parameters")]
    public static partial int SetParameters(ModelHandle model, ReadOnlySpan<float> values, long count);

    [LibraryImport(Library, EntryPoint = "courserec_step")]
    public static partial int Step(
        ModelHandle model,
        ReadOnlySpan<int> ids,
        ReadOnlySpan<int> labels,
        int batch,
        int length,
        in NativeStep step,
        out NativeResult result
    );

    [LibraryImport(Library, EntryPoint = "courserec_gradient")]
    public static partial int Gradient(
        ModelHandle model,
        ReadOnlySpan<int> ids,
        ReadOnlySpan<int> labels,
        int batch,
        int length,
        in NativeStep step,
        Span<float> gradient,
        out NativeResult result
    );

    [LibraryImport(Library, EntryPoint = "courserec_scores")]
    public static partial int Scores(
        ModelHandle model,
        ReadOnlySpan<int> ids,
        int batch,
        int length,
        Span<float> scores
    );

    [LibraryImport(Library, EntryPoint = "courserec_add_courses")]
    public static partial int AddCourses(
        ModelHandle model,
        int count,
        ReadOnlySpan<float> rows,
        ReadOnlySpan<float> biases
    );

    [LibraryImport(Library, EntryPoint = "courserec_state_size")]
    public static partial int StateSize(ModelHandle model, out long bytes);

    [LibraryImport(Library, EntryPoint = "courserec_save_state")]
    public static partial int SaveState(ModelHandle model, Span<byte> state, long bytes);

    [LibraryImport(Library, EntryPoint = "courserec_load_state")]
    public static partial int LoadState(ModelHandle model, ReadOnlySpan<byte> state, long bytes);

    public static string TorchVersion => Marshal.PtrToStringUTF8((nint)GetTorchVersion()) ?? "";

    public static string LastError => Marshal.PtrToStringUTF8((nint)GetLastError()) ?? "";
}
