using CourseRec.Cql;
using CourseRec.Cql.Protocol;

namespace CourseRec.Cql.Tests.Protocol;

/// <summary>Requests, byte for byte as the specification lays them out (native_protocol_v4.spec, 4.1).</summary>
public sealed class CqlFrameTests
{
    private static readonly CqlColumn[] Markers =
    [
        new("k", new(CqlTypeCode.Text, [])),
        new("v", new(CqlTypeCode.Int, [])),
    ];

    [Fact]
    public void An_execution_carries_id_consistency_flags_values_page_size_and_timestamp()
    {
        var bound = Statement("INSERT").Bind().Text("ab").Int(7).WithTimestamp(5);
        bound.Take();
        bound.Seal(4, CqlConsistency.LocalQuorum, CqlConsistency.LocalSerial, 100, []);
        Assert.Equal(
            "04"
                + "00"
                + "0000"
                + "0A"
                + "00000023" // version, flags, stream, EXECUTE, length
                + "0002"
                + "CAFE" // id
                + "0006"
                + "25" // LOCAL_QUORUM; values, page size, timestamp
                + "0002"
                + "00000002"
                + "6162"
                + "00000004"
                + "00000007"
                + "00000064"
                + "0000000000000005",
            Convert.ToHexString(bound.Frame.Written)
        );
    }

    [Fact]
    public void The_next_page_is_asked_for_with_the_servers_paging_state()
    {
        var bound = Statement("SELECT").Bind().Text("ab").Null();
        bound.Take();
        bound.Seal(3, CqlConsistency.One, CqlConsistency.LocalSerial, 100, []);
        bound.Seal(3, CqlConsistency.One, CqlConsistency.LocalSerial, 100, [1, 2, 3]);
        Assert.Equal(
            "03"
                + "00"
                + "0000"
                + "0A"
                + "0000001E"
                + "0002"
                + "CAFE"
                + "0001"
                + "0D" // ONE; values, page size, paging state
                + "0002"
                + "00000002"
                + "6162"
                + "FFFFFFFF"
                + "00000064"
                + "00000003"
                + "010203",
            Convert.ToHexString(bound.Frame.Written)
        );
    }

    [Fact]
    public void A_batch_is_unlogged_and_a_condition_carries_its_serial_consistency()
    {
        var batch = new CqlBatch().WithTimestamp(9);
        batch.Add(Statement("INSERT").Bind().Text("a").Int(1)).Add(Statement("UPDATE IF").Bind().Text("a").Int(2));
        batch.Take();
        batch.Seal(4, CqlConsistency.Quorum, CqlConsistency.LocalSerial, 0, []);
        Assert.Equal(
            "04"
                + "00"
                + "0000"
                + "0D"
                + "00000038"
                + "01"
                + "0002" // unlogged, two
                + "01"
                + "0002"
                + "CAFE"
                + "0002"
                + "00000001"
                + "61"
                + "00000004"
                + "00000001"
                + "01"
                + "0002"
                + "CAFE"
                + "0002"
                + "00000001"
                + "61"
                + "00000004"
                + "00000002"
                + "0004"
                + "30" // QUORUM; serial consistency, timestamp
                + "0009"
                + "0000000000000009",
            Convert.ToHexString(batch.Frame.Written)
        );
    }

    private static CqlStatement Statement(string cql) => new(cql, new Prepared([0xCA, 0xFE], Markers, [0]), [], 4);
}
