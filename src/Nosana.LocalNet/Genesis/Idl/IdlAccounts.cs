using System.Buffers.Binary;
using System.IO.Compression;
using Nosana.LocalNet.BuiltIn;
using Nosana.LocalNet.Runtime;
using Nosana.Programs;
using Nosana.Programs.Instructions;
using Nosana.Solana.Wallet;

namespace Nosana.LocalNet.Genesis.Idl;

/// <summary>
/// The accounts in which Anchor programs publish their interface: the older official SDK reads them before it does anything else.
/// Layout: discriminator of <c>internal:IdlAccount</c>, authority, length u32, JSON compressed with zlib.
/// </summary>
internal static class IdlAccounts
{
    private const string Seed = "anchor:idl";
    private static readonly byte[] Discriminator = [0x18, 0x46, 0x62, 0xbf, 0x3a, 0x90, 0x7b, 0x9e];

    public static IEnumerable<KeyValuePair<PublicKey, AccountState>> For(ProgramAddresses programs, PublicKey authority) =>
    [
        Of(programs.Jobs, JobsLayout.Program, authority),
        Of(programs.Staking, StakingLayout.Program, authority),
        Of(programs.Rewards, RewardsLayout.Program, authority),
        Of(programs.Pools, PoolsLayout.Program, authority),
        Of(programs.Nodes, NodesLayout.Program, authority),
    ];

    /// <summary>Where a program's interface lies.</summary>
    public static PublicKey AddressOf(PublicKey program) => SystemProgram.DeriveWithSeed(ProgramDerivedAddress.Find(program).Address, Seed, program);

    private static KeyValuePair<PublicKey, AccountState> Of(PublicKey program, ProgramLayout layout, PublicKey authority)
    {
        using var compressed = new MemoryStream();
        using (var zlib = new ZLibStream(compressed, CompressionLevel.Optimal, leaveOpen: true)) zlib.Write(ProgramIdl.Json(layout));
        byte[] length = new byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(length, (uint)compressed.Length);
        byte[] data = [.. Discriminator, .. authority.KeyBytes, .. length, .. compressed.ToArray()];
        return new(AddressOf(program), new AccountState(Rent.MinimumBalance(data.Length), program, data));
    }
}
