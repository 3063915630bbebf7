using Akka.Actor;
using MemoryPack;

namespace CourseRec.Actors.Serialization;

/// <summary>One form of a message between nodes.</summary>
/// <param name="Message">The message's type.</param>
/// <param name="Manifest">What the other node knows the form by: the message's name, and <paramref name="Version"/>.
/// </param>
/// <param name="Version">The wire version that brought the form: nodes of an older one can't read it.</param>
/// <param name="Write">A message's bytes.</param>
/// <param name="Read">The message of some bytes; throws anything when they are damaged.</param>
internal sealed record WireForm(
    Type Message,
    string Manifest,
    int Version,
    Func<object, byte[]> Write,
    Func<byte[], IActorRefProvider, object> Read
)
{
    /// <summary>The form of a message that <typeparamref name="TWire"/> describes.</summary>
    public static WireForm Of<TMessage, TWire>(string name, int version)
        where TMessage : class
        where TWire : struct, IWire<TMessage, TWire> =>
        new(
            typeof(TMessage),
            $"{name}/{version}",
            version,
            message => MemoryPackSerializer.Serialize(TWire.Of((TMessage)message)),
            (bytes, actors) => Unpack<TWire>(bytes).ToMessage(actors)
        );

    private static TWire Unpack<TWire>(byte[] bytes)
        where TWire : struct
    {
        TWire wire = default;
        var read = MemoryPackSerializer.Deserialize(bytes, ref wire);
        return read == bytes.Length ? wire : throw new InvalidDataException($"{bytes.Length - read} bytes too many");
    }
}
