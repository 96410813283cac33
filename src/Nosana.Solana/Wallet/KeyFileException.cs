namespace Nosana.Solana.Wallet;

/// <summary>A key file that cannot be used; the message names the file, what is wrong with it and what to do. Never holds secret bytes.</summary>
public sealed class KeyFileException(string path, string message, Exception? innerException = null) : Exception(message, innerException)
{
    public string Path { get; } = path;
}
