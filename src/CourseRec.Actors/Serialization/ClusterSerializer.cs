using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Runtime.Serialization;
using Akka.Actor;
using Akka.Event;
using Akka.Serialization;
using CourseRec.Actors.Hosting;
using CourseRec.Models;

namespace CourseRec.Actors.Serialization;

/// <summary>
/// Writes and reads what crosses nodes. Every form that is listed is read; of a message's forms the newest is written
/// that the wire version allows, so that nodes of two versions understand each other while the program is replaced
/// node by node.
/// </summary>
internal sealed class ClusterSerializer : SerializerWithStringManifest
{
    private const int MostWarned = 100;
    private const int ChecksumBytes = sizeof(uint);
    private readonly Dictionary<string, WireForm> _readers;
    private readonly Dictionary<Type, WireForm> _writers;
    private readonly ConcurrentDictionary<string, bool> _warned = new();

    /// <summary>As Akka makes it, from its settings.</summary>
    public ClusterSerializer(ExtendedActorSystem system)
        : this(system, WireForms.All, system.Settings.Config.GetInt(WireConfig.WireVersion)) { }

    internal ClusterSerializer(ExtendedActorSystem system, IReadOnlyList<WireForm> forms, int wireVersion)
        : base(system)
    {
        _readers = forms.ToDictionary(form => form.Manifest);
        _writers = forms
            .Where(form => form.Version <= wireVersion)
            .GroupBy(form => form.Message)
            .ToDictionary(group => group.Key, group => group.MaxBy(form => form.Version)!);
    }

    /// <summary>Akka's own numbers are below 41; it stands in every message, so it stays.</summary>
    public override int Identifier => 100;

    public override string Manifest(object o) => Writer(o).Manifest;

    /// <summary>
    /// The message, and its CRC-32C: what was damaged may read as something else, and MemoryPack (1.21) trusts lengths.
    /// </summary>
    public override byte[] ToBinary(object obj)
    {
        var message = Writer(obj).Write(obj);
        var bytes = new byte[message.Length + ChecksumBytes];
        message.CopyTo(bytes, 0);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(message.Length), Crc32C.Of(message));
        return bytes;
    }

    public override object FromBinary(byte[] bytes, string manifest)
    {
        if (!_readers.TryGetValue(manifest, out var form))
            return Unknown(manifest);
        try
        {
            return form.Read(Checked(bytes), system.Provider);
        }
        catch (Exception e)
        {
            throw new SerializationException(
                $"A message {manifest} of {bytes.Length} bytes is damaged and dropped: {e.Message}",
                e
            );
        }
    }

    private static byte[] Checked(byte[] bytes)
    {
        var message = bytes.AsSpan(0, Math.Max(0, bytes.Length - ChecksumBytes));
        return
            bytes.Length >= ChecksumBytes
            && BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(message.Length)) == Crc32C.Of(message)
            ? message.ToArray()
            : throw new InvalidDataException("its checksum is not the one of its bytes");
    }

    private WireForm Writer(object message) =>
        _writers.GetValueOrDefault(message.GetType())
        ?? throw new SerializationException($"{message.GetType()} does not cross nodes in this wire version.");

    /// <summary>An error would be logged for every single one.</summary>
    private Unsupported Unknown(string manifest)
    {
        if (_warned.Count < MostWarned && _warned.TryAdd(manifest, true))
            system.Log.Warning(
                "Another node sends messages {0}, which this one does not know: they are dropped. Raise {1} only when "
                    + "every node runs a program that knows it.",
                manifest,
                WireConfig.WireVersion
            );
        return new Unsupported(manifest);
    }
}

/// <summary>Stands for a message of another node that this one does not know; nobody handles it.</summary>
/// <param name="Manifest">What the other node calls it.</param>
internal sealed record Unsupported(string Manifest);
