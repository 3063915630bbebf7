namespace CourseRec.Training.Online;

/// <summary>What an online trainer is doing.</summary>
public enum OnlineTrainerState
{
    /// <summary>It learns from what it is taught.</summary>
    Learning,

    /// <summary>Nothing was taught yet, or not enough for a model.</summary>
    Waiting,

    /// <summary>It was told not to learn: the last model serves.</summary>
    Off,

    /// <summary>This machine has no libtorch: the last model serves, nothing is learned.</summary>
    Unavailable,

    /// <summary>
    /// It was stopped, or gave up: <see cref="OnlineTrainerStatus.Problem"/> says why; the last model serves.
    /// </summary>
    Stopped,
}

/// <summary>Where online learning stands; the counts are of this process.</summary>
/// <param name="State">What the trainer is doing.</param>
/// <param name="Problem">Why it does not learn, in one line; null if nothing is wrong.</param>
/// <param name="Version">The model that serves; null before the first.</param>
/// <param name="Steps">Optimiser steps.</param>
/// <param name="Taught">Examples given that could be learned from; those of held-out users and those without anything
/// before them do not count.</param>
/// <param name="Trained">Examples that were in a step.</param>
/// <param name="Dropped">Examples not learned from because too many waited.</param>
/// <param name="Pending">Examples that wait.</param>
/// <param name="FreshnessP50Ms">Median time from acceptance to a served model that has learned it, of the last
/// examples, ms; null without any.</param>
/// <param name="FreshnessP99Ms">Its 99th percentile, ms.</param>
/// <param name="Coverage">Share of the examples whose fate is known that a served model had learned in time, 0 … 1; 1
/// without any.</param>
/// <param name="Published">Models served.</param>
/// <param name="Rejected">Models that the guard refused.</param>
/// <param name="RolledBack">Returns to the last accepted model.</param>
/// <param name="LastRefusal">Why the last refused model was, in one line; null if none was.</param>
/// <param name="Courses">V, the courses that the learning model knows.</param>
public sealed record OnlineTrainerStatus(
    OnlineTrainerState State,
    string? Problem,
    string? Version,
    long Steps,
    long Taught,
    long Trained,
    long Dropped,
    int Pending,
    double? FreshnessP50Ms,
    double? FreshnessP99Ms,
    double Coverage,
    long Published,
    long Rejected,
    long RolledBack,
    string? LastRefusal,
    int Courses
);
