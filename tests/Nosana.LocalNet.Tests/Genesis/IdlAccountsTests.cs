using System.Buffers.Binary;
using System.IO.Compression;
using System.Text.Json;
using Nosana.LocalNet.Genesis;
using Nosana.LocalNet.Genesis.Idl;
using Nosana.LocalNet.Tests.Support;
using Nosana.Programs.Instructions;
using Nosana.Solana.Wallet;

namespace Nosana.LocalNet.Tests.Genesis;

public sealed class IdlAccountsTests
{
    [Fact]
    public async Task Genesis_EveryProgram_PublishesItsInterface()
    {
        await using TestNetwork network = await TestNetwork.StartAsync();
        foreach (LocalNetSet set in network.Server.Sets)
        {
            (PublicKey Id, ProgramLayout Layout)[] programs =
            [
                (set.Programs.Jobs, JobsLayout.Program), (set.Programs.Staking, StakingLayout.Program), (set.Programs.Rewards, RewardsLayout.Program),
                (set.Programs.Pools, PoolsLayout.Program), (set.Programs.Nodes, NodesLayout.Program),
            ];
            foreach ((PublicKey id, ProgramLayout layout) in programs)
            {
                using JsonDocument idl = Read(network.Server.Bank.GetAccount(IdlAccounts.AddressOf(id))!.Data.ToArray());
                Assert.Equal($"nosana_{layout.Name}", idl.RootElement.GetProperty("name").GetString());
                Assert.Equal(layout.Instructions.Count, idl.RootElement.GetProperty("instructions").GetArrayLength());
            }
        }
    }

    [Fact]
    public void Json_Finish_NamesItsAccountsAndArguments()
    {
        using JsonDocument idl = JsonDocument.Parse(ProgramIdl.Json(JobsLayout.Program));
        JsonElement finish = idl.RootElement.GetProperty("instructions").EnumerateArray().Single(instruction => instruction.GetProperty("name").GetString() == "finish");

        Assert.Equal(
            ["job", "run", "market", "vault", "deposit", "user", "payerRun", "payerJob", "authority", "tokenProgram"],
            finish.GetProperty("accounts").EnumerateArray().Select(account => account.GetProperty("name").GetString()));
        Assert.Equal("""[{"name":"ipfsResult","type":{"array":["u8",32]}}]""", finish.GetProperty("args").GetRawText());
    }

    private static JsonDocument Read(byte[] data)
    {
        int length = (int)BinaryPrimitives.ReadUInt32LittleEndian(data.AsSpan(40));
        using var zlib = new ZLibStream(new MemoryStream(data, 44, length), CompressionMode.Decompress);
        return JsonDocument.Parse(zlib);
    }
}
