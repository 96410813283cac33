using System.CommandLine;
using Nosana.Node.Hosting;
using Nosana.Node.Hosting.Settings;
using Nosana.Solana.Wallet;

namespace Nosana.Node.Cli.Options;

/// <summary>The setting that names the wallet.</summary>
internal sealed class KeyOptions
{
    public void AddTo(Command command) => command.AddSettings(SettingGroup.Wallet);

    /// <exception cref="CommandException">A setting names nothing usable.</exception>
    public string PathOf(ParseResult parse) => parse.ReadSettings().KeyFile;

    /// <summary>Whether a key file was named, rather than left to the default.</summary>
    public bool IsGiven(ParseResult parse) => parse.ReadSettings().Host.Key is not null;

    /// <summary>The key of an existing file. Warnings go to standard error.</summary>
    public Account Load(ParseResult parse)
    {
        LoadedKey loaded = KeyFile.Load(PathOf(parse));
        if (loaded.Warning is { } warning) System.Console.Error.WriteLine(warning);
        return loaded.Account;
    }
}
