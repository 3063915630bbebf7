using CourseRec.Cql.Protocol;

namespace CourseRec.Cql;

/// <summary>CQL as text, without markers.</summary>
internal sealed class CqlQuery : CqlRequest
{
    public CqlQuery(string cql)
        : base(Opcode.Query)
    {
        IsConditional = CqlStatement.Condition().IsMatch(cql);
        Frame.LongString(cql);
        BeginParameters(0);
    }

    internal override IReadOnlyList<CqlStatement> Statements => [];

    internal override bool IsConditional { get; }
}
