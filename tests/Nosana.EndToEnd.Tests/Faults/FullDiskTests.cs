using System.Diagnostics;
using System.Text.Json.Nodes;
using Nosana.EndToEnd.Tests.Support;
using Nosana.Programs.Accounts;
using Nosana.Solana.Wallet;

namespace Nosana.EndToEnd.Tests.Faults;

/// <summary>A host whose state directory is on a small disk of its own, that fills under a job.</summary>
public sealed class FullDiskTests : IAsyncLifetime
{
    /// <summary>More than a job's share with <c>--logs-gb 1</c>: 256 MiB of output and 128 MiB of the journal.</summary>
    private const string DiskSize = "600m";

    private readonly MarketHost _host = new() { Options = ["--logs-gb", "1"] };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string State => _host.Network.StateDirectory;

    private string Filler => Path.Combine(State, "filler");

    public async ValueTask InitializeAsync()
    {
        await _host.PrepareAsync();
        Directory.CreateDirectory(State, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        await CommandAsync("mount", "-t", "tmpfs", "-o", $"size={DiskSize},mode=700", "tmpfs", State);
        await _host.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_host.Process is { } process) await process.KillAsync();
        await CommandAsync("umount", State);
        await _host.DisposeAsync();
    }

    [Fact]
    public async Task Disk_IsFullWhenTheJobEnds_TheJobIsPaidOnceAndTheHostComesBack()
    {
        ulong before = _host.Network.HostNos;
        PublicKey job = await _host.Network.PostAsync(Definitions.Shell("i=0; while [ $i -lt 2000 ]; do echo line $i; i=$((i+1)); done; sleep 4; echo done"));
        await _host.RunningContainerAsync(job);
        await FillAsync();
        (JobAccount account, JsonNode result) = await _host.CompletedAsync(job);

        Assert.Equal("success", Definitions.StatusOf(result));
        Assert.Equal(0, Definitions.Op(result)["exitCode"]!.GetValue<int>());
        _host.Network.AssertPaidOnce(account, before);
        await _host.Process.LineAsync("the disk of the state directory");
        await _host.UntilAsync(() => !_host.Network.HostIsQueued, "the host is out of the queue");
        Assert.False(_host.Process.HasExited);

        File.Delete(Filler);
        await _host.UntilAsync(() => _host.Network.HostIsQueued, "the host is in the queue again");
        PublicKey next = await _host.Network.PostAsync(Definitions.Shell("echo next"));
        Assert.Equal(["next"], Definitions.LinesOf(Definitions.Op((await _host.CompletedAsync(next)).Result)));
    }

    [Fact]
    public async Task Disk_FillsWhileTheHostWaits_ItLeavesTheQueueUnjournaledAndComesBack()
    {
        await FillAsync();
        await _host.UntilAsync(() => !_host.Network.HostIsQueued, "the host is out of the queue", TimeSpan.FromSeconds(25));
        File.Delete(Filler);
        await _host.UntilAsync(() => _host.Network.HostIsQueued, "the host is in the queue again");
    }

    /// <summary>To the last byte.</summary>
    private async Task FillAsync()
    {
        byte[] piece = new byte[1 << 20];
        await using var filler = new FileStream(Filler, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        for (int bytes = piece.Length; bytes > 0; bytes /= 2)
        {
            try
            {
                while (true) await filler.WriteAsync(piece.AsMemory(0, bytes), Token);
            }
            catch (IOException)
            {
                // smaller pieces may have room yet
            }
        }
    }

    private static async Task CommandAsync(params string[] line)
    {
        using Process process = Process.Start(line[0], line[1..]);
        await process.WaitForExitAsync(CancellationToken.None);
        Assert.True(process.ExitCode == 0, $"{string.Join(' ', line)} ended with {process.ExitCode}.");
    }
}
