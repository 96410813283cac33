using System.CommandLine;
using Nosana.Node.Cli.Options;
using Nosana.Node.Cli.Output;
using Nosana.Node.Files;
using Nosana.Node.Hosting;
using Nosana.Node.Hosting.Settings;
using Nosana.Node.Journal;
using Nosana.Solana.Wallet;

namespace Nosana.Node.Cli;

/// <summary>The options of the verbs that sign for a poster.</summary>
internal sealed class PosterOptions
{
    private readonly Option<string?> _state = new("--state")
    {
        Description = "directory that remembers what was sent and not heard of since (default ~/.nosana/poster)",
    };

    public void AddTo(Command command)
    {
        command.AddSettings(SettingGroup.Network, SettingGroup.Wallet);
        command.Options.Add(_state);
    }

    /// <exception cref="CommandException">The directory cannot be made.</exception>
    public Poster Open(ParseResult parse)
    {
        NetworkSettings network = parse.ReadNetwork();
        Account account = parse.LoadKey();
        string directory = parse.GetValue(_state) is { Length: > 0 } named
            ? named
            : Path.Combine(ProcessEnvironment.Home, ".nosana", "poster");
        try
        {
            if (PrivateFiles.Claim(directory, ["journal.db", Poster.LocksDirectory]) is { } warning) Terminal.WriteError(warning);
            PrivateFiles.CreateDirectory(Path.Combine(directory, Poster.LocksDirectory));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            account.Dispose();
            throw new CommandException(
                $"The directory {directory} cannot be made: {e.Message} What is sent is remembered there, so that nothing is paid twice: "
                + "name another with --state.",
                ExitCodes.Refused, e);
        }
        return new Poster(network, account, JournalStore.Open(Path.Combine(directory, "journal.db"), TimeProvider.System), directory);
    }
}
