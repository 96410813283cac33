using System.CommandLine;

namespace Nosana.Node.Cli.Options;

/// <summary>The option that says where a host keeps what it must remember.</summary>
internal sealed class StateOptions
{
    private readonly Option<string?> _state = new("--state") { Description = "directory for the journal and logs (NOSANA_STATE; default ~/.nosana/node)" };

    public void AddTo(Command command) => command.Options.Add(_state);

    public string DirectoryOf(ParseResult parse) => parse.GetValue(_state) ?? Environment.GetEnvironmentVariable("NOSANA_STATE")
        ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nosana", "node");
}
