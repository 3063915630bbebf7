using CourseRec.Actors.Recommendations;

namespace CourseRec.Actors.Push;

/// <summary>A client's connection, as lists are sent to it. One call at a time.</summary>
public interface IPushChannel
{
    /// <summary>Sends a list; completes when the connection has room for the next.</summary>
    Task SendAsync(RecommendationList list);

    /// <summary>A list was sent.</summary>
    /// <param name="milliseconds">How long after the event that caused it was accepted; null when none did.</param>
    void Pushed(double? milliseconds);

    /// <summary>A list could not be sent; the connection is on its way out.</summary>
    void Failed(RecommendationList list, Exception reason);
}
