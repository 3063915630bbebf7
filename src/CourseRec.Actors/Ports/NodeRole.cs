namespace CourseRec.Actors.Ports;

/// <summary>What a node does; each is scaled apart.</summary>
public enum NodeRole
{
    /// <summary>Consumes partitions, holds their users' sessions, makes their recommendations.</summary>
    Session = 0,

    /// <summary>Takes browsers' push connections.</summary>
    Gateway = 1,

    /// <summary>Trains the model.</summary>
    Trainer = 2,
}
