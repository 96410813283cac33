using System.Text;
using Nosana.Node.Hosting.Settings;
using Nosana.Testing;

namespace Nosana.Node.Tests.Hosting.Settings;

/// <summary>The README's table of settings is that of the program. <c>NOSANA_UPDATE_FILES=1</c> writes it anew.</summary>
public sealed class ReadmeTests
{
    private const string UpdateVariable = "NOSANA_UPDATE_FILES", Begin = "<!-- settings -->\n", End = "<!-- end of settings -->\n";

    private static readonly string Readme = Path.Combine(RepositoryFiles.Root, "README.md");

    [Fact]
    public void Readme_SettingsTable_IsThatOfTheProgram()
    {
        string text = File.ReadAllText(Readme);
        int begin = text.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length, end = text.IndexOf(End, StringComparison.Ordinal);
        string table = Table();
        if (Environment.GetEnvironmentVariable(UpdateVariable) == "1")
        {
            File.WriteAllText(Readme, text[..begin] + table + text[end..]);
            return;
        }
        Assert.True(table == text[begin..end], $"README.md has another table of settings than the program; {UpdateVariable}=1 writes it anew.");
    }

    private static string Table()
    {
        var table = new StringBuilder("| key | option | variable | what it is | default | verbs |\n|---|---|---|---|---|---|\n");
        foreach (Setting setting in SettingsTable.All)
            table.AppendLine(
                $"| {(setting.IsInFile ? $"`{setting.Key}`" : "")} | {Option(setting)} | `{setting.Variable}` | {setting.Help} "
                + $"| {setting.Default} | {SettingsTable.VerbsOf(setting.Group)} |");
        return table.ToString();
    }

    private static string Option(Setting setting)
    {
        if (setting.Flag is null) return "";
        // A bar would end the cell.
        string value = setting.Type.IsSwitch ? "" : " " + setting.Type.Placeholder.Replace("|", "\\|", StringComparison.Ordinal);
        return $"`{setting.Flag}{value}`{(setting.Type.IsList ? ", repeatable" : "")}{string.Concat(setting.Aliases.Select(alias => $", `{alias}`"))}";
    }
}
