namespace CourseRec.Cql;

/// <summary>How many replicas must answer; the values are the protocol's own.</summary>
public enum CqlConsistency : short
{
    /// <summary>Any node took the write, be it as a hint.</summary>
    Any = 0,

    /// <summary>One replica.</summary>
    One = 1,

    /// <summary>Two replicas.</summary>
    Two = 2,

    /// <summary>Three replicas.</summary>
    Three = 3,

    /// <summary>A majority of all replicas.</summary>
    Quorum = 4,

    /// <summary>Every replica.</summary>
    All = 5,

    /// <summary>A majority of the replicas in the coordinator's data centre.</summary>
    LocalQuorum = 6,

    /// <summary>A majority in every data centre.</summary>
    EachQuorum = 7,

    /// <summary>Linearisable, over all data centres; of conditional statements and their reads.</summary>
    Serial = 8,

    /// <summary>Linearisable within the coordinator's data centre.</summary>
    LocalSerial = 9,

    /// <summary>One replica in the coordinator's data centre.</summary>
    LocalOne = 10,
}
