using System.Runtime.Serialization;
using Akka.Actor;
using Akka.Configuration;
using Akka.Serialization;

namespace CourseRec.Actors.Serialization;

/// <summary>
/// Takes the place of Akka's default serializer, and its number: that one would write whatever it is given, and make
/// whatever type another node names. (Without a binding it would still read.)
/// </summary>
internal sealed class RefusingSerializer : SerializerWithStringManifest
{
    /// <summary>As Akka makes it, with the settings that it has for the default serializer.</summary>
    public RefusingSerializer(ExtendedActorSystem system, Config _)
        : base(system) { }

    /// <summary>Newtonsoft's number.</summary>
    public override int Identifier => 1;

    public override string Manifest(object o) => "";

    public override byte[] ToBinary(object obj) =>
        throw new SerializationException($"{obj.GetType()} has no serializer, so it does not cross nodes.");

    // That this one has string manifests keeps Akka from loading the type that a message names.
    public override object FromBinary(byte[] bytes, string manifest) =>
        throw new SerializationException($"A message of type {manifest} came as JSON, which is not read here.");
}
