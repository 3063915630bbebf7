using System.Runtime.InteropServices;

namespace CourseRec.Training.Native;

// The C interface's types, field by field as in native/bert4rec.cpp.

[StructLayout(LayoutKind.Sequential)]
internal struct NativeConfig
{
    public int Objective;
    public int Block;
    public int Dimension;
    public int Layers;
    public int Heads;
    public int FeedForward;
    public int MaxLength;
    public int Anchor;
    public int Courses;
    public int Threads;
    public int RowOptimiser;
    public int Fused;
    public int SpareLater;
    public float Dropout;
    public float Beta1;
    public float Beta2;
    public float Epsilon;
    public float WeightDecay;
    public float ClipNorm;
    public float EmaDecay;
    public float InitStd;
    public ulong Seed;
}

[StructLayout(LayoutKind.Sequential)]
internal struct NativeStep
{
    public float LearningRate;
    public float RowLearningRate;
    public int Negatives;
    public int Train;
    public float Gbce;
}

[StructLayout(LayoutKind.Sequential)]
internal struct NativeResult
{
    public double Loss;
    public double GradientNorm;
    public long Step;
    public long Targets;
    public long Tokens;
    public long Rows;
}
