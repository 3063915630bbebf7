using Microsoft.Extensions.FileProviders;

namespace CourseRec.Node.Http;

/// <summary>
/// The page: files that the build puts into <c>wwwroot</c> beside the program. Unknown addresses outside the interface
/// show it too.
/// </summary>
internal static class PageFiles
{
    private const string NotBuilt =
        "The page is not built; ./build builds it. The HTTP interface is described at /openapi/v1.json.\n";
    private static readonly string[] Interface = ["/v1", "/hubs", "/health", "/metrics", "/openapi", DocsPage.Path];

    public static void UsePage(this WebApplication app)
    {
        var folder = Path.Combine(AppContext.BaseDirectory, "wwwroot");
        var index = Path.Combine(folder, "index.html");
        if (Directory.Exists(folder))
            app.UseStaticFiles(new StaticFileOptions { FileProvider = new PhysicalFileProvider(folder) });
        app.Use(next => context => IsPage(context.Request) ? ShowAsync(context, index, next) : next(context));
    }

    private static bool IsPage(HttpRequest request) =>
        (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method))
        && !Interface.Any(prefix => request.Path.StartsWithSegments(prefix))
        && !Path.HasExtension(request.Path);

    private static Task ShowAsync(HttpContext context, string index, RequestDelegate next)
    {
        if (File.Exists(index))
        {
            context.Response.ContentType = "text/html; charset=utf-8";
            context.Response.Headers.CacheControl = "no-cache";
            return context.Response.SendFileAsync(index, context.RequestAborted);
        }
        if (context.Request.Path != "/")
            return next(context);
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync(NotBuilt, context.RequestAborted);
    }
}
