namespace CourseRec.Models.Sequential.Kernels;

/// <summary>Weight and bias of a layer normalisation, each [d].</summary>
internal sealed record Norm(float[] Weight, float[] Bias);
