using System.Buffers;
using CourseRec.Actors.Ports;
using CourseRec.Actors.Sessions;

namespace CourseRec.Actors.Partitions;

/// <summary>Makes a user's state of what is stored.</summary>
internal sealed class SessionLoader(UserServices services, LogVersion acknowledged)
{
    private readonly UserSession _session = new(services.Shared.Options.Rules);
    private readonly SessionCodec _codec = new(services.Shared.Options.Rules, services.Shared.Courses);
    private readonly ArrayBufferWriter<byte> _packing = new(1024);

    /// <summary>Fills a user's cell.</summary>
    /// <param name="cell">The cell.</param>
    /// <param name="stored">What is stored; null: nothing.</param>
    /// <param name="parking">What is known of the user's parking.</param>
    /// <param name="end">One past the last record that the log may hold.</param>
    /// <returns>The parking, when the stored session turned out to be damaged just now; else null.</returns>
    /// <exception cref="PartitionStoppedException">It is nothing that this program may go on from.</exception>
    public Parking? Load(SessionCell cell, StoredSession? stored, Parking? parking, long end)
    {
        _session.Clear();
        cell.Park(parking, isDamaged: false);
        Parking? found = null;
        if (stored is { Erasure: { } erasure } && (stored.Blob.IsEmpty || stored.Version <= erasure.Version))
            _session.Erase(erasure.Version, erasure.Time);
        else if (stored is not null)
            found = Decode(cell, stored, end);
        cell.Pack(_session, _packing);
        return found;
    }

    private Parking? Decode(SessionCell cell, StoredSession stored, long end)
    {
        try
        {
            if (stored.Damage is { } finding)
                throw new InvalidDataException(finding);
            _codec.Decode(cell.User, stored.Blob.Span, stored.Version, _session);
        }
        catch (StoreMismatchException e)
        {
            throw Unusable(stored, e.Message);
        }
        catch (Exception e) when (services.MayPark && e is not OutOfMemoryException)
        {
            return OnDamaged(cell, stored, end, e);
        }
        catch (InvalidDataException e)
        {
            throw Unusable(stored, e.Message);
        }
        if (stored.Version.Generation > services.Generation)
            throw Unusable(stored, $"it is of generation {stored.Version.Generation}, this is {services.Generation}");
        return null;
    }

    /// <summary>
    /// The stored session can't be read. The version inside says what is in it, or else its row's, if that can be;
    /// what is up to the checkpoint is in any case.
    /// </summary>
    private Parking? OnDamaged(SessionCell cell, StoredSession stored, long end, Exception finding)
    {
        var version = _session.Version == LogVersion.None ? stored.Version : _session.Version;
        _session.Clear();
        if (stored.Erasure is { } erasure)
            _session.Erase(erasure.Version, erasure.Time);
        var isPossible =
            version.Generation > 0 && (version.Generation, version.Offset).CompareTo((services.Generation, end)) < 0;
        _session.Version = isPossible && version > acknowledged ? version : acknowledged;
        var from = _session.Version == LogVersion.None ? LogVersion.At(services.Generation, 0) : _session.Version.Next;
        var found = cell.Parking is null
            ? services.Parking(cell.User, from, $"the stored session can't be read: {finding.Message}")
            : null;
        cell.Park(cell.Parking ?? found, isDamaged: true);
        return found;
    }

    private PartitionStoppedException Unusable(StoredSession stored, string finding) =>
        new(
            $"partition {services.Partition}: the stored session of user {stored.User} can't be used: {finding}. "
                + "Restore the session store from a backup, or use the program that wrote it."
        );
}
