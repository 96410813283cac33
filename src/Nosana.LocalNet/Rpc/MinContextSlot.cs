namespace Nosana.LocalNet.Rpc;

/// <summary>The option by which a caller refuses answers older than a slot it has seen.</summary>
internal static class MinContextSlot
{
    public static void Check(RpcOptions options, ulong slot)
    {
        if (options.Number("minContextSlot") is not { } wanted || wanted <= slot) return;
        throw new RpcError(RpcError.MinContextSlotNotReached, "Minimum context slot has not been reached", writer =>
        {
            writer.WriteStartObject();
            writer.WriteNumber("contextSlot", slot);
            writer.WriteEndObject();
        });
    }
}
