using System.Buffers.Binary;
using CourseRec.Models.Sequential;

namespace CourseRec.Models.Tests.Sequential;

public sealed class SequentialModelFileTests
{
    private static readonly SavedSequentialModel Saved = new(
        Models.Random(Models.Tiny, 3),
        "v1",
        new Dictionary<string, double> { ["ndcg@10"] = 0.25 },
        new Dictionary<string, string> { ["seed"] = "7" }
    );

    private static readonly byte[] Bytes = SequentialModelFile.Encode(Saved);

    [Fact]
    public void A_model_comes_back_as_it_was_written()
    {
        var folder = Directory.CreateTempSubdirectory("courserec-model");
        var path = Path.Combine(folder.FullName, "model.bin");
        try
        {
            File.WriteAllText(path, "an older file");
            SequentialModelFile.Write(path, Saved);
            AssertSame(SequentialModelFile.Read(path));
            Assert.Single(folder.GetFiles());
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void Every_truncation_is_refused_by_name()
    {
        for (var length = 0; length < Bytes.Length; length++)
            AssertRefused(Bytes.AsSpan(0, length));
    }

    [Fact]
    public void Every_flipped_bit_is_refused_by_name()
    {
        var damaged = Bytes.ToArray();
        for (var bit = 0; bit < damaged.Length * 8; bit++)
        {
            damaged[bit / 8] ^= (byte)(1 << bit % 8);
            AssertRefused(damaged);
            damaged[bit / 8] ^= (byte)(1 << bit % 8);
        }
    }

    [Fact]
    public void Another_format_is_refused_by_its_number()
    {
        var bytes = Bytes.ToArray();
        bytes[16] = 2;
        Assert.Equal(
            "'m' is not a model that can be read: it has format 2, and this version of CourseRec reads format 1.",
            AssertRefused(bytes).Message
        );
    }

    [Theory]
    [InlineData("\"gated\"", "\"other\"")]
    [InlineData("\"dimension\":16", "\"dimension\":17")]
    [InlineData("\"heads\":1", "\"heads\":0")]
    [InlineData("\"maxLength\":4", "\"maxLength\":5")]
    [InlineData("course-2", "course-1")]
    [InlineData("\"version\":\"v1\"", "\"version\":null")]
    [InlineData("\"version\"", "\"revision\"")]
    [InlineData("}", "")]
    public void A_header_that_is_whole_but_wrong_is_refused(string right, string wrong)
    {
        var headerLength = BinaryPrimitives.ReadInt32LittleEndian(Bytes.AsSpan(20));
        var header = System.Text.Encoding.UTF8.GetString(Bytes, 24, headerLength);
        Assert.Contains(right, header, StringComparison.OrdinalIgnoreCase);
        var changed = header.Replace(right, wrong, StringComparison.OrdinalIgnoreCase);
        AssertRefused(Sealed([.. System.Text.Encoding.UTF8.GetBytes(changed)], Bytes.AsSpan((24 + headerLength)..^4)));
    }

    [Fact]
    public void A_parameter_that_is_not_finite_is_neither_written_nor_read()
    {
        var parameters = Models.Random(Models.Tiny, 3);
        parameters.Values[5] = float.NaN;
        Assert.Throws<ArgumentException>(() => SequentialModelFile.Encode(Saved with { Parameters = parameters }));

        var headerLength = BinaryPrimitives.ReadInt32LittleEndian(Bytes.AsSpan(20));
        var values = Bytes.AsSpan((24 + headerLength)..^4).ToArray();
        BinaryPrimitives.WriteSingleLittleEndian(values, float.PositiveInfinity);
        AssertRefused(Sealed(Bytes.AsSpan(24, headerLength), values));
    }

    private static byte[] Sealed(ReadOnlySpan<byte> header, ReadOnlySpan<byte> values)
    {
        byte[] bytes = [.. Bytes.AsSpan(0, 20), 0, 0, 0, 0, .. header, .. values, 0, 0, 0, 0];
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(20), header.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(^4..), Crc32C.Of(bytes.AsSpan(..^4)));
        return bytes;
    }

    private static InvalidDataException AssertRefused(ReadOnlySpan<byte> bytes)
    {
        try
        {
            SequentialModelFile.Decode(bytes, "m");
        }
        catch (InvalidDataException e)
        {
            Assert.StartsWith("'m' is not a model that can be read: ", e.Message);
            return e;
        }
        throw new Xunit.Sdk.XunitException($"{bytes.Length} bytes were read as a model");
    }

    private static void AssertSame(SavedSequentialModel read)
    {
        Assert.Equal(Saved.Parameters.Config, read.Parameters.Config);
        Assert.Equal(Saved.Parameters.CourseIds, read.Parameters.CourseIds);
        Assert.Equal(Saved.Parameters.Values, read.Parameters.Values);
        Assert.Equal(Saved.Version, read.Version);
        Assert.Equal(Saved.Metrics, read.Metrics);
        Assert.Equal(Saved.Training, read.Training);
    }
}
