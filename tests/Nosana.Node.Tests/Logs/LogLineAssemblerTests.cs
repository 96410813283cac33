using System.Text;
using Nosana.Node.Logs;
using Nosana.Testing;

namespace Nosana.Node.Tests.Logs;

public sealed class LogLineAssemblerTests
{
    private const string Early = "1970-01-01T00:00:01.000000000Z ", Late = "1970-01-01T00:00:02.000000000Z ";

    private readonly List<(LogStream Stream, long Timestamp, string Text, bool Continues)> _entries = [];

    [Fact]
    public void Frame_LineInFramesOfOneMoment_IsOneLine()
    {
        LogLineAssembler assembler = Assembler(100_000);
        string part = new('a', 16_384);
        Frame(assembler, LogStream.Stdout, Early + part);
        Frame(assembler, LogStream.Stderr, Early + "between\n");
        Frame(assembler, LogStream.Stdout, Early + "end\n");
        Assert.Equal([(LogStream.Stderr, 1_000_000_000, "between\n", false), (LogStream.Stdout, 1_000_000_000, part + "end\n", false)], _entries);
    }

    [Fact]
    public void Frame_OutputWithoutNewlineBeforeARestart_StaysAnEntryOfItsOwn()
    {
        LogLineAssembler assembler = Assembler(1000);
        Frame(assembler, LogStream.Stdout, Early + "ended without newline");
        Frame(assembler, LogStream.Stdout, Late + "started again\n");
        Assert.Equal(["ended without newline", "started again\n"], _entries.Select(entry => entry.Text));
        Assert.Equal([1_000_000_000, 2_000_000_000], _entries.Select(entry => entry.Timestamp));
    }

    [Fact]
    public void Frame_LineOverTheLimit_ComesInPiecesThatTearNoCharacter()
    {
        LogLineAssembler assembler = Assembler(10);
        Frame(assembler, LogStream.Stdout, Early + "aaaaaaaa€€€€b\n");
        Assert.Equal(["aaaaaaaa", "€€€", "€b\n"], _entries.Select(entry => entry.Text));
        Assert.Equal([true, true, false], _entries.Select(entry => entry.Continues));
    }

    [Fact]
    public void Frame_SeveralLines_AreAllTaken()
    {
        LogLineAssembler assembler = Assembler(1000);
        Frame(assembler, LogStream.Stdout, Early + "a\n\nb\n");
        Assert.Equal(["a\n", "\n", "b\n"], _entries.Select(entry => entry.Text));
    }

    [Fact]
    public void Frame_WithoutTime_IsStampedNow()
    {
        LogLineAssembler assembler = Assembler(1000);
        Frame(assembler, LogStream.Stdout, "no time\n");
        Assert.Equal((LogStream.Stdout, new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero).ToUnixTimeSeconds() * 1_000_000_000, "no time\n", false), Assert.Single(_entries));
    }

    [Fact]
    public void Finish_UnfinishedLines_AreGivenOut()
    {
        LogLineAssembler assembler = Assembler(1000);
        Frame(assembler, LogStream.Stdout, Early + "out");
        Frame(assembler, LogStream.Stderr, Early + "err");
        assembler.Finish();
        assembler.Finish();
        Assert.Equal(["out", "err"], _entries.Select(entry => entry.Text));
    }

    [Fact]
    public void Reset_UnfinishedLine_IsForgotten()
    {
        LogLineAssembler assembler = Assembler(1000);
        Frame(assembler, LogStream.Stdout, Early + new string('a', 5000));
        assembler.Reset();
        Frame(assembler, LogStream.Stdout, Early + "whole\n");
        Assert.Equal("whole\n", _entries[^1].Text);
    }

    private static void Frame(LogLineAssembler assembler, LogStream stream, string frame) => assembler.Frame(stream, Encoding.UTF8.GetBytes(frame));

    private LogLineAssembler Assembler(int limit) => new(limit, new ManualTimeProvider(),
        (stream, timestamp, text, continues) => _entries.Add((stream, timestamp, Encoding.UTF8.GetString(text), continues)));
}
