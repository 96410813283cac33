using Nosana.Solana.Wallet;

namespace Nosana.LocalNet.Genesis;

/// <summary>
/// Every key that the network itself holds. From key files where a directory is given (kept from one start to the next), else fresh ones.
/// Keys that the options bring along win over both.
/// </summary>
public sealed class LocalNetKeys : IDisposable
{
    private readonly string? _directory;
    private readonly List<Account> _owned = [];

    internal LocalNetKeys(string? directory, LocalNetKeyOptions given)
    {
        _directory = directory;
        try
        {
            Poster = Of("poster", given.Poster);
            Host = Of("host", given.Host);
            MarketAuthority = Of("market-authority", given.MarketAuthority);
            MarketAdmin = Of("market-admin", given.MarketAdmin);
            Authority = Of("authority", given.Authority);
            MintAuthority = Of("mint-authority", given.MintAuthority);
            Faucet = Of("faucet", null);
            MainnetMarket = Of("market-mainnet", given.MainnetMarket);
            DevnetMarket = Of("market-devnet", given.DevnetMarket);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>A wallet with SOL and NOS, for posting jobs.</summary>
    public Account Poster { get; }

    /// <summary>A wallet with SOL, for a host.</summary>
    public Account Host { get; }

    /// <summary>May update and close the markets of genesis.</summary>
    public Account MarketAuthority { get; }

    /// <summary>Stands for MARKET_ADMIN.</summary>
    public Account MarketAdmin { get; }

    /// <summary>Stands for AUTHORITY: audits nodes, slashes stakes.</summary>
    public Account Authority { get; }

    /// <summary>May mint NOS, and holds what nobody else was given.</summary>
    public Account MintAuthority { get; }

    /// <summary>Where airdrops come from.</summary>
    public Account Faucet { get; }

    internal Account MainnetMarket { get; }

    internal Account DevnetMarket { get; }

    /// <summary>Where a key's file lies, null when keys are only in memory.</summary>
    public string? FileOf(string name) => _directory is null ? null : Path.Combine(_directory, $"{name}.json");

    public void Dispose()
    {
        foreach (Account account in _owned) account.Dispose();
    }

    private Account Of(string name, Account? given)
    {
        string? file = FileOf(name);
        if (given is not null)
        {
            if (file is not null) Keep(file, given);
            return given;
        }
        Account account = file is null ? new Account() : KeyFile.LoadOrCreate(file).Account;
        _owned.Add(account);
        return account;
    }

    private static void Keep(string file, Account given)
    {
        if (!File.Exists(file)) KeyFile.Write(file, given);
        else if (KeyFile.ReadAddress(file) is var there && there != given.PublicKey)
            throw new KeyFileException(
                file,
                $"The key file {file} holds {there}, but the network was given the key of {given.PublicKey}. " +
                "Use another key directory, or move the file away.");
    }
}
