using System.Security.Cryptography;
using Scalar.AspNetCore;

namespace CourseRec.Node.Http;

/// <summary>
/// The HTTP interface as a page to read and to try: all that it shows and runs comes from this node.
/// </summary>
internal static class DocsPage
{
    public const string Path = "/docs";

    public static void MapDocs(this WebApplication app) =>
        app.MapScalarApiReference(
                Path,
                (page, context) =>
                {
                    page.WithTitle("CourseRec: the HTTP interface");
                    page.WithNonce(Convert.ToHexString(RandomNumberGenerator.GetBytes(16)));
                    page.DisableAgent().DisableMcp().HideDeveloperTools().HideClientButton().DisableTelemetry();
                    page.DisableDefaultFonts().DefaultOpenAllTags = true;
                    context.Response.Headers.ContentSecurityPolicy = PolicyWith(page.Nonce!);
                }
            )
            .ExcludeFromDescription();

    /// <summary>Nothing from elsewhere, and no script but the page's own.</summary>
    private static string PolicyWith(string nonce) =>
        $"default-src 'self'; script-src 'self' 'nonce-{nonce}'; style-src 'self' 'unsafe-inline'; "
        + "img-src 'self' data:; font-src 'self' data:; object-src 'none'; base-uri 'self'; frame-ancestors 'self'";
}
