using System.Buffers.Binary;
using Nosana.LocalNet.Runtime;
using Nosana.Solana.Programs;
using Nosana.Solana.Wallet;

namespace Nosana.LocalNet.BuiltIn;

/// <summary>SPL Token: the instruction numbers, and which part serves them.</summary>
internal sealed class TokenProgram : IOnChainProgram
{
    public PublicKey Id => WellKnownAddresses.TokenProgram;

    public ulong ComputeUnits => 4_500;

    public void Execute(InstructionContext context)
    {
        var data = new DataReader(context.Data, InstructionError.Custom((uint)TokenError.InvalidInstruction));
        switch (data.U8())
        {
            case 0:
                Named(context, "InitializeMint");
                TokenInitialize.Mint(context, data.U8(), data.Key(), data.OptionalKey(), rentAt: 1);
                break;
            case 1:
                Named(context, "InitializeAccount");
                TokenInitialize.Account(context, context.Account(2).Key, rentAt: 3);
                break;
            case 2:
                Named(context, "InitializeMultisig");
                TokenInitialize.Multisig(context, data.U8(), firstSigner: 2);
                break;
            case 3:
                Named(context, "Transfer");
                TokenMovement.Transfer(context, data.U64(), decimals: null);
                break;
            case 4:
                Named(context, "Approve");
                TokenAuthority.Approve(context, data.U64(), decimals: null);
                break;
            case 5:
                Named(context, "Revoke");
                TokenAuthority.Revoke(context);
                break;
            case 6:
                Named(context, "SetAuthority");
                TokenAuthority.Set(context, data.U8(), data.OptionalKey());
                break;
            case 7:
                Named(context, "MintTo");
                TokenMovement.MintTo(context, data.U64(), decimals: null);
                break;
            case 8:
                Named(context, "Burn");
                TokenMovement.Burn(context, data.U64(), decimals: null);
                break;
            case 9:
                Named(context, "CloseAccount");
                TokenMovement.Close(context);
                break;
            case 10:
                Named(context, "FreezeAccount");
                TokenAuthority.Freeze(context, freeze: true);
                break;
            case 11:
                Named(context, "ThawAccount");
                TokenAuthority.Freeze(context, freeze: false);
                break;
            case 12:
                Named(context, "TransferChecked");
                TokenMovement.Transfer(context, data.U64(), data.U8());
                break;
            case 13:
                Named(context, "ApproveChecked");
                TokenAuthority.Approve(context, data.U64(), data.U8());
                break;
            case 14:
                Named(context, "MintToChecked");
                TokenMovement.MintTo(context, data.U64(), data.U8());
                break;
            case 15:
                Named(context, "BurnChecked");
                TokenMovement.Burn(context, data.U64(), data.U8());
                break;
            case 16:
                Named(context, "InitializeAccount2");
                TokenInitialize.Account(context, data.Key(), rentAt: 2);
                break;
            case 17:
                Named(context, "SyncNative");
                TokenMovement.SyncNative(context);
                break;
            case 18:
                Named(context, "InitializeAccount3");
                TokenInitialize.Account(context, data.Key());
                break;
            case 19:
                Named(context, "InitializeMultisig2");
                TokenInitialize.Multisig(context, data.U8(), firstSigner: 1);
                break;
            case 20:
                Named(context, "InitializeMint2");
                TokenInitialize.Mint(context, data.U8(), data.Key(), data.OptionalKey());
                break;
            case 21:
                Named(context, "GetAccountDataSize");
                AccountDataSize(context);
                break;
            case 22:
                Named(context, "InitializeImmutableOwner");
                TokenInitialize.ImmutableOwner(context);
                break;
            default:
                throw TokenCall.Fail(context, TokenError.InvalidInstruction);
        }
    }

    private static void Named(InstructionContext context, string name) => context.Log($"Instruction: {name}");

    private static void AccountDataSize(InstructionContext context)
    {
        AccountView mint = context.Account(0);
        TokenCall.RequireOwned(mint);
        TokenInitialize.ReadMint(context, mint);
        byte[] size = new byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(size, TokenLayout.AccountLength);
        context.SetReturnData(size);
    }
}
