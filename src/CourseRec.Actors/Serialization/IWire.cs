using Akka.Actor;

namespace CourseRec.Actors.Serialization;

/// <summary>
/// What a message is between nodes. Apart from the message, so that a change of the program is not one of the bytes:
/// a type that has crossed is never changed, the next version of it is another type.
/// </summary>
/// <typeparam name="TMessage">The message.</typeparam>
/// <typeparam name="TSelf">The type itself.</typeparam>
internal interface IWire<TMessage, TSelf>
    where TSelf : IWire<TMessage, TSelf>
{
    /// <summary>What crosses for a message.</summary>
    static abstract TSelf Of(TMessage message);

    /// <summary>The message that crossed.</summary>
    /// <param name="actors">Finds the actors that it names.</param>
    TMessage ToMessage(IActorRefProvider actors);
}
