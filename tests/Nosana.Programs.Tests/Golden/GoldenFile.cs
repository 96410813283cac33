using System.Text.Json;

namespace Nosana.Programs.Tests.Golden;

/// <summary>Vectors that other implementations produced.</summary>
internal static class GoldenFile
{
    public static readonly JsonElement Kit = Read("kit-2.1.8-vectors.json");
    public static readonly JsonElement Capture = Read("community-sdk-capture.json");

    private static JsonElement Read(string name)
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Golden", name)));
        return document.RootElement.Clone();
    }

    public static string Text(this JsonElement element, string property) => element.GetProperty(property).GetString()!;
}
