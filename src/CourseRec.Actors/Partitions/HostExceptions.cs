namespace CourseRec.Actors.Partitions;

/// <summary>The user's partition is not served by this process now.</summary>
public sealed class NotOwnedException(string message) : Exception(message);

/// <summary>The user is parked: the message says why and what to do.</summary>
public sealed class UserParkedException(string message) : Exception(message);

/// <summary>The store is pinned to something else; the message says what differs and what to do.</summary>
public sealed class StoreMismatchException(string message) : Exception(message);
