using Nosana.Solana.Programs;
using Nosana.Solana.Rpc.Models;
using Nosana.Solana.Wallet;

namespace Nosana.Solana.Tests.Programs;

public sealed class InstructionBuilderTests
{
    private static readonly PublicKey A = TestKeys.Of(1).PublicKey, B = TestKeys.Of(2).PublicKey, C = TestKeys.Of(3).PublicKey, D = TestKeys.Of(4).PublicKey, E = TestKeys.Of(5).PublicKey;
    private static readonly PublicKey Mint = new("nosXBVoaCTtYdLvKY6Csb4AC8JCdQKKAaWYtx2ZMoo7");

    private static readonly Dictionary<string, TransactionInstruction> Ours = new()
    {
        ["limit"] = ComputeBudgetProgram.SetComputeUnitLimit(123_456),
        ["price"] = ComputeBudgetProgram.SetComputeUnitPrice(15_000_000),
        ["transfer"] = SystemProgram.Transfer(A, B, 1_234_567_890_123),
        ["createAccount"] = SystemProgram.CreateAccount(A, C, 1_461_600, 82, WellKnownAddresses.TokenProgram),
        ["initMint"] = TokenProgram.InitializeMint2(C, 6, A),
        ["initMintFreeze"] = TokenProgram.InitializeMint2(C, 6, A, D),
        ["initAccount3"] = TokenProgram.InitializeAccount3(E, Mint, A),
        ["mintTo"] = TokenProgram.MintTo(Mint, E, ulong.MaxValue, A),
        ["tokenTransfer"] = TokenProgram.Transfer(E, D, 42, B),
        ["transferChecked"] = TokenProgram.TransferChecked(E, D, 42, 6, B, Mint),
        ["closeAccount"] = TokenProgram.CloseAccount(E, A, B),
        ["createAta"] = AssociatedTokenAccountProgram.CreateAssociatedTokenAccount(A, B, Mint),
        ["createAtaIdempotent"] = AssociatedTokenAccountProgram.CreateIdempotent(A, B, Mint),
    };

    public static TheoryData<string> Names => [.. Web3Vectors.InstructionNames];

    [Theory]
    [MemberData(nameof(Names))]
    public void Build_EveryInstruction_EqualsTheOfficialLibrarys(string name)
    {
        TransactionInstruction expected = Web3Vectors.Instruction(name);
        TransactionInstruction ours = Ours[name];
        Assert.Equal(expected.ProgramId, ours.ProgramId);
        Assert.Equal(expected.Keys, ours.Keys);
        // The associated token program reads absent data as 0, which is what the official library sends.
        Assert.Equal(name == "createAta" && expected.Data.Length == 0 ? [0] : expected.Data, ours.Data);
    }
}
