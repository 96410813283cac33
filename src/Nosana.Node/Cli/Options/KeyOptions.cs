using System.CommandLine;
using Nosana.Solana.Wallet;

namespace Nosana.Node.Cli.Options;

/// <summary>The option that names the wallet.</summary>
internal sealed class KeyOptions
{
    private readonly Option<string?> _key = new("--key", "--wallet") { Description = "key file: a JSON array of 64 numbers, or base58 text (NOSANA_KEY; default ~/.nosana/nosana_key.json)" };

    public void AddTo(Command command) => command.Options.Add(_key);

    public string PathOf(ParseResult parse) =>
        parse.GetValue(_key) ?? Environment.GetEnvironmentVariable("NOSANA_KEY") ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nosana", "nosana_key.json");

    /// <summary>Whether a key file was named, rather than left to the default.</summary>
    public bool IsGiven(ParseResult parse) => parse.GetValue(_key) is not null || Environment.GetEnvironmentVariable("NOSANA_KEY") is not null;

    /// <summary>The key of an existing file. Warnings go to standard error.</summary>
    public Account Load(ParseResult parse)
    {
        LoadedKey loaded = KeyFile.Load(PathOf(parse));
        if (loaded.Warning is { } warning) System.Console.Error.WriteLine(warning);
        return loaded.Account;
    }
}
