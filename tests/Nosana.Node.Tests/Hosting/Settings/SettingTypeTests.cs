using Nosana.Node.Hosting.Settings;

namespace Nosana.Node.Tests.Hosting.Settings;

public sealed class SettingTypeTests
{
    [Theory]
    [InlineData("memory", "24g", "25769803776")]
    [InlineData("memory", "1.5G", "1610612736")]
    [InlineData("memory", "7340032", "7340032")]
    [InlineData("memory", "8192k", "8388608")]
    [InlineData("docker", "/var/run/docker.sock", "unix:///var/run/docker.sock")]
    [InlineData("docker", "unix:///run/podman/podman.sock", "unix:///run/podman/podman.sock")]
    [InlineData("docker", "tcp://127.0.0.1:2375", "tcp://127.0.0.1:2375")]
    [InlineData("exposePort", "0", "0")]
    [InlineData("exposePort", "65535", "65535")]
    [InlineData("country", "nl", "NL")]
    [InlineData("network", "Devnet", "devnet")]
    [InlineData("createAccounts", "True", "true")]
    [InlineData("hostManager", "none", "none")]
    [InlineData("hostManager", "http://127.0.0.1:8080", "http://127.0.0.1:8080")]
    public void Read_Text_MeansThat(string key, string text, string value) => Assert.Equal(SettingReading.Of(value), SettingsTable.Of(key).Type.Read(text));

    [Theory]
    [InlineData("memory", "g", "such as 24g")]
    [InlineData("memory", "-1g", "such as 24g")]
    [InlineData("memory", "10gb", "such as 24g")]
    [InlineData("memory", "99999999999t", "such as 24g")]
    [InlineData("memory", "0", "at least 6m")]
    [InlineData("disk", "1k", "at least 16m")]
    [InlineData("cpus", "0", "from 0.01 on")]
    [InlineData("cpus", "NaN", "from 0.01 on")]
    [InlineData("exposePort", "-1", "from 0 to 65535")]
    [InlineData("exposePort", "65536", "from 0 to 65535")]
    [InlineData("exposePort", "99999999999999999999", "from 0 to 65535")]
    [InlineData("rpcRate", "-5", "such as 10")]
    [InlineData("rpcRate", "1e400", "such as 10")]
    [InlineData("resourceCacheGb", "0", "in GiB")]
    [InlineData("imageCacheGb", "1e99", "in GiB")]
    [InlineData("rpc", "127.0.0.1:8899", "with its scheme")]
    [InlineData("ipfsApi", "ftp://127.0.0.1", "with its scheme")]
    [InlineData("ws", "http://127.0.0.1", "ws or wss")]
    [InlineData("docker", "localhost:2375", "tcp://HOST:PORT")]
    [InlineData("docker", "docker.sock", "tcp://HOST:PORT")]
    [InlineData("docker", "unix://var/run/docker.sock", "unix:///PATH")]
    [InlineData("docker", "ssh://me@there", "ssh -N -L")]
    [InlineData("hostManager", "http://example.com", "https")]
    [InlineData("country", "Nederland", "two letters")]
    [InlineData("line", "940", "such as 940/880")]
    [InlineData("line", "0/880", "such as 940/880")]
    [InlineData("market", "nonsense", "base58")]
    [InlineData("mirror", "https://huggingface.co", "PREFIX=URL")]
    [InlineData("network", "testnet", "mainnet, devnet or localnet")]
    [InlineData("logFormat", "xml", "auto, text, journald or json")]
    [InlineData("createAccounts", "maybe", "true nor false")]
    [InlineData("ipfsCredentialFile", "/nonexistent/jwt", "cannot be read")]
    public void Read_WhatIsNotPossible_SaysWhatToWrite(string key, string text, string advice)
    {
        SettingReading reading = SettingsTable.Of(key).Type.Read(text);
        Assert.Null(reading.Value);
        Assert.Contains(advice, reading.Fault, StringComparison.Ordinal);
    }
}
