namespace Nosana.Architecture.Tests;

/// <summary>The pages of this repository say what is so.</summary>
public sealed class DocumentTests
{
    private const string Map = "docs/architecture.md";

    /// <summary>What a newcomer may ask, at least.</summary>
    private const int Questions = 40;

    [Fact]
    public void Links_OfEveryPage_LeadSomewhere()
    {
        string[] pages = [.. Repository.Paths.Where(path => path.EndsWith(".md", StringComparison.Ordinal))];
        Assert.Contains(Map, pages);
        Verdict.NoFaults([.. pages.SelectMany(page => DocumentLinks.Faults(page, TextOf(page), Repository.Paths))]);
    }

    [Fact]
    public void Map_Floors_AreThoseOfTheTables()
    {
        Assert.Contains($"```\n{Floors.Projects}\n```", TextOf(Map), StringComparison.Ordinal);
        Assert.Contains($"```\n{Floors.Deployments}\n```", TextOf(Map), StringComparison.Ordinal);
        Assert.Contains($"```\n{Floors.Rooms}\n```", TextOf(Map), StringComparison.Ordinal);
    }

    [Fact]
    public void Map_RoomsRow_HasItsProjects() => Assert.All(Floors.Rooms.Names, room =>
        Assert.EndsWith($"| {RoomImports.Of(room)} |", Assert.Single(TextOf(Map).Split('\n'), line => line.StartsWith($"| {room} |", StringComparison.Ordinal)), StringComparison.Ordinal));

    [Fact]
    public void Map_Index_AnswersEachQuestionWithALink()
    {
        string[] rows = [.. TextOf(Map).Split('\n').Where(line => line.StartsWith("| ", StringComparison.Ordinal) && line.Contains("? |", StringComparison.Ordinal))];
        Assert.True(rows.Length >= Questions, $"{Map} answers {rows.Length} questions, {Questions} are asked");
        Assert.All(rows, row => Assert.Contains("](../", row, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("[a](../src/Rooms/Guard.cs)", "docs/page.md:3: src/Rooms/Guard.cs does not exist; nearest: src/Rooms/Egress/Guard.cs")]
    [InlineData("see [a](../README.md#top) and [b](old.md)", "docs/page.md:3: docs/old.md does not exist; nearest: docs/odd.md")]
    public void Faults_OfALinkThatLeadsNowhere_NameItsLineAndTheNearestPath(string line, string fault) =>
        Assert.Equal([fault], DocumentLinks.Faults("docs/page.md", $"# Page\n\n{line}\n", ["README.md", "docs", "docs/odd.md", "src/Rooms/Guide.txt", "src/Rooms/Egress/Guard.cs"]));

    [Theory]
    [InlineData("[a](../README.md) [b](../README.md#top) [c](odd.md) [d](../docs/)")]
    [InlineData("[a](https://example.org/x) [b](#here)")]
    public void Faults_OfOtherLinks_None(string line) => Verdict.NoFaults(DocumentLinks.Faults("docs/page.md", line, ["README.md", "docs", "docs/odd.md"]));

    private static string TextOf(string page) => File.ReadAllText(Path.Combine(Repository.Root, page));
}
