using Nosana.Programs.Borsh;

namespace Nosana.Programs.Accounts;

/// <summary>What one account type of a program says about its bytes.</summary>
public interface IAccountLayout<TSelf> where TSelf : IAccountLayout<TSelf>
{
    /// <summary>The program's own name of the account, in Pascal case; its hash is the discriminator.</summary>
    static abstract string Name { get; }

    /// <summary>Bytes that the program allocates; those behind the serialized end mean nothing.</summary>
    static abstract int AllocatedLength { get; }

    /// <summary>Reads the fields behind the discriminator; a read that fails shows in the reader.</summary>
    static abstract TSelf ReadFields(ref BorshReader reader);

    void WriteFields(BorshWriter writer);
}
