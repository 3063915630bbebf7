using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using CourseRec.Models.Interactions;
using CourseRec.Node.Http;
using Microsoft.AspNetCore.SignalR;

namespace CourseRec.Node.Push;

/// <summary>Whose connection it is. In open mode the address says so.</summary>
internal static class HubUser
{
    private const string Parameter = "user";

    /// <summary>The connection's user.</summary>
    public static string Of(HttpContext context) => context.Request.Query[Parameter].ToString();

    /// <summary>Refuses a connection without a valid user before it is one, with a problem document.</summary>
    public static Task CheckAsync(HttpContext context, RequestDelegate next)
    {
        if (PrintableText.Fault(Of(context)) is not { } fault)
            return next(context);
        throw ProblemException.Invalid(Parameter, $"{fault}. Connect to {PushEndpoints.Path}?user=ID");
    }

    /// <summary>An interaction as JSON, with the user put in when it names none.</summary>
    /// <exception cref="HubException">It is not an object.</exception>
    public static ReadOnlyMemory<byte> Fill(JsonElement interaction, string user)
    {
        if (interaction.ValueKind != JsonValueKind.Object)
            throw new HubException("an interaction is a JSON object");
        var json = JsonMarshal.GetRawUtf8Value(interaction);
        if (interaction.TryGetProperty(Parameter, out _))
            return json.ToArray();
        var separator = interaction.EnumerateObject().Any() ? "," : "";
        var head = Encoding.UTF8.GetBytes($"{{\"{Parameter}\":\"{JsonEncodedText.Encode(user)}\"{separator}");
        return (byte[])[.. head, .. json[1..]];
    }
}
