using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace CourseRec.TestSupport.Nodes;

/// <summary>What the answers of a node's API are.</summary>
public static class Problems
{
    /// <summary>The answer is a problem document with this status; answers it.</summary>
    public static async Task<JsonElement> ProblemAsync(this HttpResponseMessage response, HttpStatusCode status)
    {
        var body = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == status, $"{(int)response.StatusCode} {body}");
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        var problem = JsonDocument.Parse(body).RootElement;
        Assert.Equal((int)status, problem.GetProperty("status").GetInt32());
        return problem;
    }

    /// <summary>The answer is a problem with one field; answers its name.</summary>
    public static async Task<string> FieldAsync(
        this HttpResponseMessage response,
        HttpStatusCode status = HttpStatusCode.BadRequest
    ) => (await response.ProblemAsync(status)).GetProperty("field").GetString()!;

    /// <summary>The answer has this status; answers its body.</summary>
    public static async Task<JsonElement> JsonAsync(this HttpResponseMessage response, HttpStatusCode status)
    {
        var body = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == status, $"{(int)response.StatusCode} {body}");
        return JsonDocument.Parse(body).RootElement;
    }
}
