using System.Security.Cryptography;
using System.Text;

namespace Nosana.Programs;

/// <summary>The eight bytes by which an Anchor program tells its accounts and instructions apart: the head of a SHA-256.</summary>
public static class AnchorDiscriminator
{
    public const int Length = 8;

    /// <param name="name">Pascal case, "JobAccount".</param>
    public static byte[] OfAccount(string name) => Head("account:" + name);

    /// <param name="name">Snake case, "clean_admin".</param>
    public static byte[] OfInstruction(string name) => Head("global:" + name);

    private static byte[] Head(string text) => SHA256.HashData(Encoding.ASCII.GetBytes(text))[..Length];
}
