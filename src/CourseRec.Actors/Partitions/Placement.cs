namespace CourseRec.Actors.Partitions;

/// <summary>Where the partitions run that a session host asks.</summary>
public enum Placement
{
    /// <summary>All of them in this process, which has the log and the store for itself. Without a cluster.</summary>
    Local,

    /// <summary>Spread over the cluster's nodes with the role session, this one among them.</summary>
    Sharded,

    /// <summary>Spread over the cluster's nodes with the role session, of which this one is none.</summary>
    Elsewhere,

    /// <summary>All of them in this process, only to learn from: nothing is served or stored. Without a
    /// cluster.</summary>
    Listening,

    /// <summary>As <see cref="Listening"/>, and <see cref="Elsewhere"/> they are served and stored.</summary>
    Learning,
}
