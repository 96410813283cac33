using System.Buffers.Binary;
using Nosana.Solana.Wallet;

namespace Nosana.LocalNet.Runtime;

/// <summary>The accounts that exist on every cluster: programs and sysvars.</summary>
internal static class ProgramAccounts
{
    public static readonly PublicKey ClockSysvarId = new("SysvarC1ock11111111111111111111111111111111");

    private const int SlotsPerEpoch = 432_000;
    private const int ClockLength = 40;
    private const int RentLength = 17;

    private static readonly PublicKey NativeLoader = new("NativeLoader1111111111111111111111111111111");
    private static readonly PublicKey SysvarOwner = new("Sysvar1111111111111111111111111111111111111");

    public static AccountState Program() => new(Rent.MinimumBalance(0), NativeLoader, default, Executable: true);

    /// <summary>Lamports a byte-year u64, exemption threshold in years f64, burn percentage u8.</summary>
    public static AccountState RentSysvar()
    {
        byte[] data = new byte[RentLength];
        BinaryPrimitives.WriteUInt64LittleEndian(data, Rent.LamportsPerByte / 2);
        BinaryPrimitives.WriteDoubleLittleEndian(data.AsSpan(8), 2.0);
        data[16] = 50;
        return new AccountState(Rent.MinimumBalance(RentLength), SysvarOwner, data);
    }

    /// <summary>Slot u64, start of the epoch i64, epoch u64, epoch of the leader schedule u64, unix time i64.</summary>
    public static AccountState ClockSysvar(SlotClock clock) => ClockSysvar(clock, clock.Read());

    /// <summary>As it was at a slot.</summary>
    public static AccountState ClockSysvar(SlotClock clock, ulong slot) => ClockSysvar(clock, new ClockSnapshot(slot, clock.TimeOf(slot)));

    private static AccountState ClockSysvar(SlotClock clock, ClockSnapshot now)
    {
        ulong epoch = now.Slot / SlotsPerEpoch;
        byte[] data = new byte[ClockLength];
        BinaryPrimitives.WriteUInt64LittleEndian(data, now.Slot);
        BinaryPrimitives.WriteInt64LittleEndian(data.AsSpan(8), clock.TimeOf(epoch * SlotsPerEpoch));
        BinaryPrimitives.WriteUInt64LittleEndian(data.AsSpan(16), epoch);
        BinaryPrimitives.WriteUInt64LittleEndian(data.AsSpan(24), epoch + 1);
        BinaryPrimitives.WriteInt64LittleEndian(data.AsSpan(32), now.UnixTimestamp);
        return new AccountState(Rent.MinimumBalance(ClockLength), SysvarOwner, data);
    }
}
