using System.Text;
using System.Text.Json;
using Nosana.Node.Logs;

namespace Nosana.Node.Tests.Logs;

public sealed class JsonTextTests
{
    private static readonly JsonSerializerOptions s_options = new() { Encoder = JsonText.Encoder };

    [Theory]
    [InlineData("")]
    [InlineData("plain\n")]
    [InlineData("\u0001\u001b\"\\\t\u007f")]
    [InlineData("Grüße, 日本語 <&>")]
    [InlineData("\U0001F600 \u2028 \uE000 \uFFFF")]
    public void BytesOf_Text_IsWhatTheSerializerMakesOfIt(string text) =>
        Assert.Equal(Serialized(text), JsonText.BytesOf(text));

    [Fact]
    public void BytesOf_TextLongerThanAPiece_IsWholeWhateverStandsAtTheBorder()
    {
        for (int shift = 0; shift < 4; shift++)
        {
            string text = new string('x', 4094 + shift) + "\U0001F600é\u0001" + new string('y', 5000);
            Assert.Equal(Serialized(text), JsonText.BytesOf(text));
        }
    }

    [Fact]
    public void BytesOf_RandomBytes_IsNoLessThanWhatIsSent()
    {
        var random = new Random(7);
        for (int round = 0; round < 500; round++)
        {
            byte[] bytes = new byte[random.Next(1, 9000)];
            random.NextBytes(bytes);
            Assert.InRange(Serialized(Encoding.UTF8.GetString(bytes)), 1, JsonText.BytesOf(bytes));
        }
    }

    private static long Serialized(string text) => JsonSerializer.SerializeToUtf8Bytes(text, s_options).Length - 2;
}
