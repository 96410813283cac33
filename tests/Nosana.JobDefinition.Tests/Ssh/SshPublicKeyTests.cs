using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using Nosana.JobDefinition.Reading;
using Nosana.JobDefinition.Ssh;

namespace Nosana.JobDefinition.Tests.Ssh;

public class SshPublicKeyTests
{
    private const string Ed25519 = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f";

    [Theory]
    [InlineData(Ed25519, null)]
    [InlineData(Ed25519 + " me@here", "me@here")]
    [InlineData("  " + Ed25519 + "\tme  ", "me")]
    public void TryParse_Line_IsAlgorithmBlobAndComment(string line, string? comment)
    {
        Assert.True(SshPublicKey.TryParse(line, out SshPublicKey? key, out string? fault), fault);
        Assert.Equal(("ssh-ed25519", Ed25519.Split(' ')[1], comment), (key.Algorithm, key.Blob, key.Comment));
        Assert.Equal(Ed25519, key.Identity);
    }

    public static TheoryData<string, int> Kinds => new()
    {
        { "ssh-ed25519", 1 }, { "ssh-rsa", 2 }, { "ecdsa-sha2-nistp256", 2 }, { "ecdsa-sha2-nistp384", 2 }, { "ecdsa-sha2-nistp521", 2 },
        { "sk-ssh-ed25519@openssh.com", 2 }, { "sk-ecdsa-sha2-nistp256@openssh.com", 3 },
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public void TryParse_EveryOfficialAlgorithm_IsTaken(string algorithm, int fields) =>
        Assert.True(SshPublicKey.TryParse(Line(algorithm, algorithm, fields), out _, out string? fault), fault);

    [Theory]
    [InlineData(null, "is empty")]
    [InlineData(" ", "is empty")]
    [InlineData("ssh-dss AAAA", "does not begin with one of")]
    [InlineData("no-pty " + Ed25519, "does not begin with one of")]
    [InlineData("SSH-ED25519 AAAA", "does not begin with one of")]
    [InlineData("ssh-ed25519", "has no key")]
    [InlineData(Ed25519 + " two words", "more than one word")]
    [InlineData(Ed25519 + " me\nssh-rsa AAAA", "line breaks")]
    [InlineData("ssh-ed25519 AAAA*", "not base64")]
    [InlineData("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4", "not base64")]
    [InlineData("ssh-rsa AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f", "not of its algorithm")]
    [InlineData("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5", "breaks off")]
    [InlineData("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIQ==", "breaks off")]
    [InlineData("ssh-ed25519 /////w==", "not of its algorithm")]
    public void TryParse_WhatIsNoKey_IsRefusedWithItsReason(string? line, string reason)
    {
        Assert.False(SshPublicKey.TryParse(line, out _, out string? fault));
        Assert.Contains(reason, fault, StringComparison.Ordinal);
    }

    [Fact]
    public void TryParse_KeyWithSomethingBehindIt_IsRefused()
    {
        byte[] blob = [.. Convert.FromBase64String(Ed25519.Split(' ')[1]), 0];
        Assert.False(SshPublicKey.TryParse("ssh-ed25519 " + Convert.ToBase64String(blob), out _, out string? fault));
        Assert.Contains("behind its end", fault, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(SshPublicKey.MaxLineLength, true)]
    [InlineData(SshPublicKey.MaxLineLength + 1, false)]
    public void TryParse_LineOfTheLongestLength_IsTakenAndNoLonger(int length, bool isTaken) =>
        Assert.Equal(isTaken, SshPublicKey.TryParse(Ed25519 + " " + new string('c', length - Ed25519.Length - 1), out _, out _));

    [Fact]
    public void Equals_OtherComment_IsTheSameKey()
    {
        Assert.True(SshPublicKey.TryParse(Ed25519 + " a", out SshPublicKey? one, out _));
        Assert.True(SshPublicKey.TryParse(Ed25519 + " b", out SshPublicKey? other, out _));
        Assert.Equal(one, other);
        Assert.Equal(one.GetHashCode(), other.GetHashCode());
    }

    [Fact]
    public void Read_MoreThanTenDifferentKeys_TenCountAndTheRestIsTold()
    {
        DefinitionResult ten = Read([.. Enumerable.Range(0, 10).Select(Key), Key(0) + " again"]);
        Assert.Equal(10, ten.Definition!.Ssh!.PublicKeys.Count);
        Assert.DoesNotContain(ten.Warnings, warning => warning.Path.Contains("public_keys", StringComparison.Ordinal));

        DefinitionResult eleven = Read([.. Enumerable.Range(0, 11).Select(Key)]);
        Assert.Equal(10, eleven.Definition!.Ssh!.PublicKeys.Count);
        Assert.Equal(
            "$input.ssh.public_keys[10]: opens nothing: the line is one more than the 10 keys of a job",
            Assert.Single(eleven.Warnings, warning => warning.Path.Contains("public_keys", StringComparison.Ordinal)).ToString());
    }

    [Fact]
    public void Read_KeysOfMoreThan64KiB_CountUpToThere()
    {
        string[] lines = [.. Enumerable.Range(0, 9).Select(i => Key(i) + " " + new string('c', 7900))];
        DefinitionResult result = Read(lines);
        Assert.Equal(8, result.Definition!.Ssh!.PublicKeys.Count);
        Assert.Contains(result.Warnings, warning => warning.Path == "$input.ssh.public_keys[8]" && warning.Message.Contains("64 KiB", StringComparison.Ordinal));
    }

    [Fact]
    public void Read_KeyThatNoClientCouldUse_IsLeftOutAndTold()
    {
        DefinitionResult result = Read([Ed25519, "ssh-ed25519 me"]);
        Assert.Equal(Ed25519, Assert.Single(result.Definition!.Ssh!.PublicKeys).ToString());
        Assert.Contains(
            "$input.ssh.public_keys[1]: opens nothing: the line has a key that is not base64", result.Warnings.Select(warning => warning.ToString()));
    }

    private static DefinitionResult Read(string[] keys) => DefinitionReader.Read(Encoding.UTF8.GetBytes(
        $$"""{"version":"0.1","type":"container","ssh":{"public_keys":{{JsonSerializer.Serialize(keys)}}},"ops":[]}"""));

    private static string Key(int number)
    {
        byte[] blob = Convert.FromBase64String(Ed25519.Split(' ')[1]);
        blob[^1] = (byte)number;
        return "ssh-ed25519 " + Convert.ToBase64String(blob);
    }

    private static string Line(string prefix, string inner, int fields)
    {
        var blob = new MemoryStream();
        foreach (byte[] field in (byte[][])[Encoding.ASCII.GetBytes(inner), .. Enumerable.Repeat(new byte[32], fields)])
        {
            var length = new byte[4];
            BinaryPrimitives.WriteInt32BigEndian(length, field.Length);
            blob.Write(length);
            blob.Write(field);
        }
        return $"{prefix} {Convert.ToBase64String(blob.ToArray())}";
    }
}
