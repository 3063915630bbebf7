using System.Buffers.Binary;
using CourseRec.Cql;
using CourseRec.Cql.Errors;
using CourseRec.Cql.Protocol;

namespace CourseRec.Cql.Tests.Protocol;

/// <summary>Bytes that came from outside.</summary>
public sealed class CqlDecoderTests
{
    private const int Mutations = 40_000;

    [Fact]
    public void A_mutated_answer_is_read_or_refused_by_name_and_takes_memory_for_what_came()
    {
        var random = new Random(5);
        var frames = RecordedFrames.All.Values.Concat(Constructed()).ToArray();
        var refused = 0;
        for (var i = 0; i < Mutations; i++)
        {
            var bytes = Mutate(frames[random.Next(frames.Length)], random);
            var before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                foreach (var frame in Decoding.Frames(bytes))
                    Decoding.Everything(frame);
            }
            catch (CqlException)
            {
                refused++;
            }
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 300_000);
        }
        Assert.InRange(refused, Mutations / 10, Mutations);
    }

    [Fact]
    public void Every_recorded_answer_is_read_as_what_it_is()
    {
        foreach (var (name, bytes) in RecordedFrames.All)
        {
            var read = Record.Exception(() => Decoding.Everything(Assert.Single(Decoding.Frames(bytes))));
            var expected = name switch
            {
                "exists" => CqlError.AlreadyExists,
                "syntax" => CqlError.Syntax,
                "unavailable" => CqlError.Unavailable,
                "unprepared" => CqlError.Unprepared,
                "wrongVersion" => CqlError.ServerFault,
                _ => (CqlError?)null,
            };
            Assert.Equal(expected, (read as CqlServerException)?.Error);
            Assert.Equal(expected is null, read is null);
        }
    }

    [Theory]
    [MemberData(nameof(Errors))]
    public void Every_error_is_read_as_its_kind_with_the_servers_message(CqlError kind)
    {
        var error = Answer.Error((int)kind, "because", body => body.Raw(new byte[32]));
        var thrown = Assert.Throws<CqlServerException>(() => Decoding.Everything(ToFrame(error)));
        Assert.StartsWith("because", thrown.Message);
        Assert.Equal(kind, thrown.Error);
    }

    public static TheoryData<CqlError> Errors => [.. Enum.GetValues<CqlError>(), (CqlError)0x7777];

    [Fact]
    public void A_frame_that_claims_more_than_the_specification_allows_is_refused_at_its_header()
    {
        var bytes = RecordedFrames.All["void"].ToArray();
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(5), int.MaxValue);
        Assert.Contains(
            "claims 2147483647 bytes",
            Assert.Throws<CqlProtocolException>(() => Decoding.Frames(bytes)).Message
        );
    }

    [Fact]
    public void An_answer_in_pieces_is_the_same_answer()
    {
        var bytes = RecordedFrames.All.Values.Concat(Constructed()).SelectMany(frame => frame).ToArray();
        var large = Enumerable.Repeat(bytes, 200).SelectMany(frame => frame).ToArray();
        var frames = Decoding.Frames(large);
        Assert.Equal(200 * (RecordedFrames.All.Count + Constructed().Count()), frames.Count);
    }

    [Fact]
    public void Tracing_id_warnings_and_payload_before_an_answer_are_read_over()
    {
        var answer = Answer.Of(
            Opcode.Result,
            body =>
            {
                body.Raw(new byte[16]);
                body.Short(1);
                body.String("large batch");
                body.Short(1);
                body.String("key");
                body.Bytes([1, 2, 3]);
                body.Int((int)ResultKind.Void);
            }
        );
        var frame = ToFrame(answer with { Flags = FrameFlags.Tracing | FrameFlags.Warning | FrameFlags.CustomPayload });
        KnownColumns? known = null;
        ResultReader.Read(frame, ref known, out var warnings, out var kind);
        Assert.Equal(["large batch"], warnings);
        Assert.Equal(ResultKind.Void, kind);
    }

    private static Frame ToFrame(Answer answer) =>
        new(new FrameHeader(4, answer.Flags, 1, answer.Opcode, answer.Body.Length), answer.Body);

    /// <summary>Answers of protocol 4.</summary>
    private static IEnumerable<byte[]> Constructed()
    {
        Answer[] answers =
        [
            Answer.Prepared(4, [1, 2, 3], ["a", "b", "c"], 0, 1),
            Answer.Rows([("k", CqlTypeCode.Text), ("s", CqlTypeCode.Set)], ["x", new[] { "a", "b" }], [null, null]),
            Answer.Error(0x1001, "overloaded"),
        ];
        foreach (var answer in answers)
        {
            var bytes = new byte[FrameHeader.Size + answer.Body.Length];
            new FrameHeader(4 | 0x80, answer.Flags, 1, answer.Opcode, answer.Body.Length).Write(bytes);
            answer.Body.CopyTo(bytes, FrameHeader.Size);
            yield return bytes;
        }
    }

    /// <summary>
    /// Some bytes changed, a number made huge or negative, the end cut off or repeated; mostly behind the header.
    /// </summary>
    private static byte[] Mutate(byte[] original, Random random)
    {
        var bytes = original.ToArray();
        for (var changes = random.Next(1, 4); changes > 0; changes--)
        {
            var from = random.Next(8) == 0 ? 0 : Math.Min(FrameHeader.Size, bytes.Length - 1);
            var at = random.Next(from, bytes.Length);
            switch (random.Next(4))
            {
                case 0:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 1:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 2 when bytes.Length - at >= 4:
                    int[] numbers = [int.MaxValue, int.MinValue, -1, -2, 0, bytes.Length, 1 << 24];
                    BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(at), numbers[random.Next(numbers.Length)]);
                    break;
                default:
                    bytes = random.Next(2) == 0 ? bytes[..Math.Max(at, 1)] : [.. bytes, .. bytes[at..]];
                    break;
            }
            if (random.Next(2) == 0 && bytes.Length > FrameHeader.Size)
                BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(5), bytes.Length - FrameHeader.Size);
        }
        return bytes;
    }
}
