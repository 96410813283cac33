using Nosana.LocalNet.Runtime;
using SimpleBase;

namespace Nosana.LocalNet.Rpc;

/// <summary>Reads a transaction parameter: text in base58 or base64.</summary>
internal static class TransactionParser
{
    private const string TypeName = "solana_transaction::versioned::VersionedTransaction";

    /// <summary>Base64 characters of the largest transaction.</summary>
    private const int MaxBase64 = 1_644;

    private const int MaxBase58 = 1_683;

    public static WireTransaction Read(string text, string? encoding)
    {
        byte[] bytes = Bytes(text, encoding);
        try
        {
            return WireDecoder.Decode(bytes);
        }
        catch (TransactionFormatException exception)
        {
            throw new RpcError(RpcError.InvalidParameters, $"failed to deserialize {TypeName}: {exception.Message}");
        }
    }

    private static byte[] Bytes(string text, string? encoding)
    {
        bool base64 = encoding switch
        {
            null or "base58" => false,
            "base64" => true,
            _ => throw new RpcError(RpcError.InvalidParameters, $"unsupported encoding: {encoding}. Supported encodings: base58, base64"),
        };
        int max = base64 ? MaxBase64 : MaxBase58;
        if (text.Length > max)
            throw new RpcError(
                RpcError.InvalidParameters,
                $"{(base64 ? "base64" : "base58")} encoded {TypeName} too large: {text.Length} bytes (max: encoded/raw {max}/{WireDecoder.MaxBytes})");
        try
        {
            return base64 ? Convert.FromBase64String(text) : Base58.Bitcoin.Decode(text);
        }
        catch (Exception exception) when (exception is FormatException or ArgumentException or IndexOutOfRangeException) // at what is not ASCII
        {
            throw new RpcError(RpcError.InvalidParameters, $"invalid {(base64 ? "base64" : "base58")} encoding: {exception.Message}");
        }
    }
}
