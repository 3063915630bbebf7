using System.Buffers;
using System.Text;
using CourseRec.Models.Instant;

namespace CourseRec.Models.Tests.Instant;

public sealed class InstantWeightsTests
{
    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(3, 2)]
    [InlineData(4, 3)]
    [InlineData(7, 3)]
    [InlineData(8, 4)]
    [InlineData(15, 4)]
    [InlineData(16, 5)]
    [InlineData(100_000, 5)]
    public void A_history_belongs_to_the_bucket_of_its_length(int length, int bucket) =>
        Assert.Equal(bucket, InstantWeights.BucketOf(length));

    [Fact]
    public void Loaded_weights_are_the_saved_ones()
    {
        var weights = Counted.Weights(bucket => bucket + 0.1f, InstantFeature.Popularity, InstantFeature.Seen);
        var loaded = InstantWeights.Load(Save(weights));
        for (var bucket = 0; bucket < InstantWeights.BucketCount; bucket++)
            Assert.Equal(weights[bucket], loaded[bucket]);
        Assert.Equal(3.1f, loaded[3, InstantFeature.Seen]);
    }

    [Theory]
    [InlineData("{\"format\":1", "{\"format\":7", "they have format 7; this version of CourseRec reads format 1.")]
    [InlineData("\"popularity\"", "\"fame\"", "they are for other features or buckets.")]
    [InlineData("\"16\\u002B\"", "\"16\"", "they are for other features or buckets.")]
    [InlineData("\"weights\":[", "\"weights\":[1,", "there are 79 of them, not 78.")]
    [InlineData("\"weights\":[1", "\"weights\":[10.5", "one is 10.5, beyond ±10.")]
    [InlineData("\"weights\":[1", "\"weights\":[1e99", "one is Infinity, beyond ±10.")]
    [InlineData("\"weights\"", "\"heights\"", "the features, the buckets or the weights are missing.")]
    [InlineData("{", "", "line 1 of the JSON document at $ is malformed.")]
    public void Other_documents_are_refused_in_one_line(string old, string changed, string finding)
    {
        var document = Encoding.UTF8.GetString(Save(InstantWeights.Start(hasSequence: false)));
        var place = document.IndexOf(old, StringComparison.Ordinal);
        var damaged = document[..place] + changed + document[(place + old.Length)..];
        var error = Assert.Throws<InvalidDataException>(() => InstantWeights.Load(Encoding.UTF8.GetBytes(damaged)));
        Assert.Equal($"The instant layer's weights can't be read: {finding}", error.Message);
    }

    [Fact]
    public void Every_truncation_is_refused()
    {
        var saved = Save(InstantWeights.Start(hasSequence: true));
        for (var length = 0; length < saved.Length; length++)
            Assert.Throws<InvalidDataException>(() => InstantWeights.Load(saved.AsSpan(0, length)));
    }

    private static byte[] Save(InstantWeights weights)
    {
        var output = new ArrayBufferWriter<byte>();
        weights.Save(output);
        return output.WrittenSpan.ToArray();
    }
}
